"""Small networks of every architecture that must work, with random jittered weights, in the Hugging Face layout."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from packager.coverage.settle import settle
from packager.parity.jitter import jitter

SIDE = 64
LABELS = 7
TINY = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
WORDS = {"vocab_size": 200, "max_position_embeddings": 64}
CARD = "---\nlicense: apache-2.0\n---\nRandom weights, for tests.\n"


@dataclass(frozen=True)
class Architecture:
    """transformers' model class, its configuration, and the image processor where it takes images."""

    model: str
    config: Mapping[str, Any] = field(default_factory=dict)
    processor: str = ""


IMAGES: Mapping[str, Architecture] = {
    "resnet": Architecture(
        "ResNetForImageClassification",
        {"embedding_size": 8, "hidden_sizes": [8, 16, 24, 32], "depths": [1, 1, 1, 1], "num_labels": LABELS},
        "ConvNextImageProcessor",
    ),
    "mobilenet_v1": Architecture(
        "MobileNetV1ForImageClassification",
        {"depth_multiplier": 0.25, "num_labels": LABELS, "image_size": SIDE},
        "MobileNetV1ImageProcessor",
    ),
    "mobilenet_v2": Architecture(
        "MobileNetV2ForImageClassification",
        {"depth_multiplier": 0.25, "num_labels": LABELS, "image_size": SIDE},
        "MobileNetV2ImageProcessor",
    ),
    "vit": Architecture(
        "ViTForImageClassification", TINY | {"image_size": SIDE, "num_labels": LABELS}, "ViTImageProcessor"
    ),
    "deit": Architecture(
        "DeiTForImageClassificationWithTeacher", TINY | {"image_size": SIDE, "num_labels": LABELS}, "DeiTImageProcessor"
    ),
    "convnext": Architecture(
        "ConvNextForImageClassification",
        {"hidden_sizes": [8, 16, 24, 32], "depths": [1, 1, 2, 1], "image_size": SIDE, "num_labels": LABELS},
        "ConvNextImageProcessor",
    ),
    "efficientnet": Architecture(
        "EfficientNetForImageClassification",
        {
            "width_coefficient": 0.25,
            "depth_coefficient": 0.3,
            "image_size": SIDE,
            "hidden_dim": 320,
            "depthwise_padding": [],
            "num_labels": LABELS,
        },
        "EfficientNetImageProcessor",
    ),
    "pp_lcnet": Architecture(
        "PPLCNetForImageClassification", {"scale": 0.25, "num_labels": LABELS}, "PPLCNetImageProcessor"
    ),
}

# Beyond what must work already: networks that a test needs for what they have.
MORE: Mapping[str, Architecture] = {
    "swin": Architecture(
        "SwinForImageClassification",
        {
            "embed_dim": 8,
            "depths": [2, 1],
            "num_heads": [2, 2],
            "image_size": SIDE,
            "window_size": 4,
            "num_labels": LABELS,
        },
        "ViTImageProcessor",
    ),
}

TEXTS: Mapping[str, Architecture] = {
    "bert": Architecture("BertForSequenceClassification", TINY | WORDS | {"num_labels": LABELS}),
    "bert_encoder": Architecture("BertModel", TINY | WORDS),
    "roberta": Architecture(
        "RobertaForSequenceClassification", TINY | WORDS | {"num_labels": LABELS, "pad_token_id": 0}
    ),
    "xlm_roberta": Architecture("XLMRobertaModel", TINY | WORDS | {"pad_token_id": 0}),
    "distilbert": Architecture(
        "DistilBertForSequenceClassification",
        WORDS | {"dim": 32, "n_layers": 2, "n_heads": 2, "hidden_dim": 64, "num_labels": LABELS},
    ),
    "electra": Architecture(
        "ElectraForSequenceClassification", TINY | WORDS | {"embedding_size": 16, "num_labels": LABELS}
    ),
    "ernie": Architecture("ErnieForSequenceClassification", TINY | WORDS | {"num_labels": LABELS}),
    "albert": Architecture(
        "AlbertForSequenceClassification", TINY | WORDS | {"embedding_size": 16, "num_labels": LABELS}
    ),
}

ARCHITECTURES: Mapping[str, Architecture] = {**IMAGES, **TEXTS}


def write_architecture(name: str, folder: Path, change: Callable[[Any], None] | None = None) -> Path:
    """Save the small network of that name with its processor or tokenizer; `change` may edit the model first."""
    import transformers

    found = {**ARCHITECTURES, **MORE}[name]
    torch.manual_seed(0)
    kind = getattr(transformers, found.model)
    model = kind(kind.config_class(**found.config)).eval()
    jitter(model)
    if found.processor:
        # Without statistics of its own, EfficientNet answers the same to every image.
        settle(model, torch.randn(2, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0)))
    if change:
        change(model)
    model.save_pretrained(folder)
    (folder / "README.md").write_text(CARD)
    if found.processor:
        (folder / "preprocessor_config.json").write_text(json.dumps(_image_settings(found.processor)))
    else:
        _write_tokenizer(folder)
    return folder


def _image_settings(processor: str) -> dict[str, Any]:
    size = (
        {"shortest_edge": SIDE} if processor.startswith(("ConvNext", "MobileNet")) else {"height": SIDE, "width": SIDE}
    )
    return {
        "image_processor_type": processor,
        "size": size,
        "crop_size": {"height": SIDE, "width": SIDE},
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }


def _write_tokenizer(folder: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = special + [f"w{number}" for number in range(WORDS["vocab_size"] - len(special))]
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "mask_token": "[MASK]",
    }
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=48, **names).save_pretrained(folder)
