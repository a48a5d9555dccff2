"""Large models with random, jittered weights, saved as anyone would save them; the shapes are the real ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.models.card import write_card, write_image_settings
from packager.parity.jitter import jitter


def resnet50(folder: Path) -> Path:
    """ResNet-50, 102 MB."""
    from transformers import ResNetConfig, ResNetForImageClassification

    _save(lambda: ResNetForImageClassification(ResNetConfig(num_labels=1000)), folder)
    more = {"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 224}, "crop_pct": 0.875}
    write_image_settings(folder, 224, **more)
    return folder


def vit_base(folder: Path) -> Path:
    """ViT-base, patches of 16 in images of 224, 346 MB."""
    from transformers import ViTConfig, ViTForImageClassification

    _save(lambda: ViTForImageClassification(ViTConfig(num_labels=1000)), folder)
    write_image_settings(folder, 224)
    return folder


def mobilenet_v2(folder: Path) -> Path:
    """MobileNetV2, 14 MB."""
    from transformers import MobileNetV2Config, MobileNetV2ForImageClassification

    _save(lambda: MobileNetV2ForImageClassification(MobileNetV2Config(num_labels=1001)), folder)
    write_image_settings(folder, 224)
    return folder


def swin_tiny(folder: Path) -> Path:
    """Swin-tiny, windows of 7 in images of 224, 113 MB."""
    from transformers import SwinConfig, SwinForImageClassification

    _save(lambda: SwinForImageClassification(SwinConfig(num_labels=1000)), folder)
    write_image_settings(folder, 224)
    return folder


def convnext_tiny(folder: Path) -> Path:
    """ConvNeXt-tiny, 114 MB."""
    from transformers import ConvNextConfig, ConvNextForImageClassification

    _save(lambda: ConvNextForImageClassification(ConvNextConfig(num_labels=1000)), folder)
    write_image_settings(folder, 224)
    return folder


def bert_base(folder: Path) -> Path:
    """BERT-base without its pooler, 436 MB."""
    from transformers import BertConfig, BertModel

    _save(lambda: BertModel(BertConfig(), add_pooling_layer=False), folder)
    _write_tokenizer(folder)
    return folder


def electra_small(folder: Path) -> Path:
    """ELECTRA-small, 54 MB."""
    from transformers import ElectraConfig, ElectraModel

    _save(lambda: ElectraModel(ElectraConfig()), folder)
    _write_tokenizer(folder)
    return folder


def albert_base(folder: Path) -> Path:
    """ALBERT-base v2, 47 MB: twelve layers share one set of weights, which every hop must keep shared."""
    from transformers import AlbertConfig, AlbertModel

    sizes = {"hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 3072}
    _save(lambda: AlbertModel(AlbertConfig(**sizes), add_pooling_layer=False), folder)
    _write_tokenizer(folder)
    return folder


JITTERED: Mapping[str, Callable[[Path], Path]] = {
    "resnet-50": resnet50,
    "vit-base": vit_base,
    "albert-base": albert_base,
}


def _save(make: Callable[[], Any], folder: Path) -> None:
    import torch

    torch.manual_seed(0)
    model = make().eval()
    jitter(model)
    model.save_pretrained(folder)
    write_card(folder)


def _write_tokenizer(folder: Path) -> None:
    """A small unigram tokenizer of ALBERT's kind, learnt from a few words: the weights are random anyway."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    special = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    words = Path(__file__).read_text(encoding="utf-8").split()
    trainer = trainers.UnigramTrainer(vocab_size=200, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(words, trainer)
    ends = [(name, special.index(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        unk_token="<unk>",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=512,
    ).save_pretrained(folder)


def save_apart(name: str, folder: Path) -> Path:
    """Save one of this module's models in a process of its own, so that this one stays small; once for each folder."""
    out = folder / name
    if not out.exists():
        script = f"import pathlib; from {__name__} import {name}; {name}(pathlib.Path({str(out)!r}))"
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    return out
