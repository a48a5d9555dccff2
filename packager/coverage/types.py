"""The model types that the table has a row for, by task, and those that are left out for a reason.

The names are transformers' own (`config.model_type`). Image classifiers are all that transformers lists; texts are the
encoders among its sequence classifiers and the decoders that are often used as classifiers. For the other heads
of a text network a few types stand for all: they change little but the last layer. What has a task of its own neither
here nor there (backbones, rectification, tables) is built as bare tensors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edge.errors import InputError

IMAGES = (
    "beit",
    "bit",
    "clip",
    "convnext",
    "convnextv2",
    "cvt",
    "data2vec-vision",
    "deit",
    "dinat",
    "dinov2",
    "dinov2_with_registers",
    "donut-swin",
    "efficientnet",
    "focalnet",
    "hgnet_v2",
    "hiera",
    "ijepa",
    "imagegpt",
    "levit",
    "metaclip_2",
    "mobilenet_v1",
    "mobilenet_v2",
    "mobilevit",
    "mobilevitv2",
    "perceiver",
    "poolformer",
    "pp_lcnet",
    "pvt",
    "pvt_v2",
    "regnet",
    "resnet",
    "segformer",
    "shieldgemma2",
    "siglip",
    "siglip2",
    "swiftformer",
    "swin",
    "swinv2",
    "textnet",
    "timm_wrapper",
    "vit",
    "vit_msn",
)

TEXTS = (
    "albert",
    "bert",
    "big_bird",
    "camembert",
    "canine",
    "convbert",
    "data2vec-text",
    "deberta",
    "deberta-v2",
    "distilbert",
    "electra",
    "ernie",
    "esm",
    "eurobert",
    "flaubert",
    "fnet",
    "funnel",
    "gte",
    "ibert",
    "jina_embeddings_v3",
    "layoutlm",
    "lilt",
    "longformer",
    "luke",
    "megatron-bert",
    "mobilebert",
    "modernbert",
    "mpnet",
    "mra",
    "nomic_bert",
    "nystromformer",
    "perceiver",
    "rembert",
    "roberta",
    "roberta-prelayernorm",
    "roc_bert",
    "roformer",
    "squeezebert",
    "tapas",
    "xlm",
    "xlm-roberta",
    "xlm-roberta-xl",
    "xlnet",
    "xmod",
    "yoso",
    "gpt2",
    "opt",
    "bloom",
    "llama",
    "qwen2",
    "qwen3",
    "gemma",
    "mistral",
    "t5",
    "bart",
    "mbart",
)

DETECTORS = ("detr", "pp_doclayout_v2", "pp_doclayout_v3", "rt_detr", "rt_detr_v2", "yolos")

TOKENS = ("bert", "deberta-v2", "distilbert", "electra", "roberta", "xlm-roberta")

FEATURES = (
    "bert",
    "clip",
    "clip_vision_model",
    "dinov2",
    "modernbert",
    "mpnet",
    "siglip",
    "siglip_vision_model",
    "xlm-roberta",
)

# transformers has these types; the tiny detector and the medium recogniser of v6 are further sizes of the small ones.
DETECTORS_OF_TEXT = ("pp_ocrv5_mobile_det", "pp_ocrv5_server_det", "pp_ocrv6_medium_det", "pp_ocrv6_small_det")

RECOGNISERS_OF_TEXT = ("pp_ocrv5_mobile_rec", "pp_ocrv5_server_rec", "pp_ocrv6_small_rec", "pp_ocrv6_tiny_rec")

READERS = ("vision-encoder-decoder",)

BARE = ("hgnet_v2", "pp_lcnet", "pp_lcnet_v3", "pp_lcnet_v4", "slanet", "uvdoc")

ACCEPTED: Mapping[str, str] = {
    "dinat": "needs a native extension (natten)",
    "timm_wrapper": "wraps another library (timm)",
    "imagegpt": "a language model over pixels, its input is no image",
    "shieldgemma2": "a vision-language model of 4 billion parameters",
}
"""Image classifiers that are not built, and why that is accepted."""


@dataclass(frozen=True)
class ModelType:
    """One row to be measured: transformers' model type and one of our tasks."""

    task: str
    name: str


TYPES: tuple[ModelType, ...] = (
    *(ModelType("image-classification", name) for name in IMAGES),
    *(ModelType("text-classification", name) for name in TEXTS),
    *(ModelType("token-classification", name) for name in TOKENS),
    *(ModelType("feature-extraction", name) for name in FEATURES),
    *(ModelType("object-detection", name) for name in DETECTORS),
    *(ModelType("text-detection", name) for name in DETECTORS_OF_TEXT),
    *(ModelType("text-recognition", name) for name in RECOGNISERS_OF_TEXT),
    *(ModelType("image-to-text", name) for name in READERS),
    *(ModelType("tensors", name) for name in BARE),
)


def chosen(names: Sequence[str]) -> tuple[ModelType, ...]:
    """The rows of these types in the order named, all where none is; raises InputError for a name without a row."""
    known = {one.name for one in TYPES}
    unknown = set(names) - known
    if unknown:
        raise InputError(
            f"{min(unknown)!r} is no model type of the table", remedy=f"choose from: {', '.join(sorted(known))}"
        )
    return tuple(one for name in dict.fromkeys(names) for one in TYPES if one.name == name) or TYPES
