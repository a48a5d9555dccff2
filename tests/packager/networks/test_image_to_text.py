"""An encoder for images with a decoder that writes: two stages of one bundle, and the text that transformers writes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

import edge
from edge.bundle import Bundle
from edge.preprocess.images import decode
from edge.preprocess.steps import PixelPipeline
from edge.results import Text
from edge.verify import verify
from packager import build
from packager.coverage.checkpoint import write_checkpoint
from packager.coverage.types import ModelType
from packager.order import Order

CARD = "---\nlicense: apache-2.0\n---\nRandom weights, for tests.\n"
SPECIAL = ("[UNK]", "[PAD]", "[SEP]", "[CLS]", "[MASK]")
WORDS = (*SPECIAL, *(f"word{at}" for at in range(195)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = write_checkpoint(
        ModelType("image-to-text", "vision-encoder-decoder"), tmp_path_factory.mktemp("m") / "reader"
    )
    (made / "README.md").write_text(CARD)
    said = json.loads((made / "generation_config.json").read_text()) | {"max_length": 16}
    (made / "generation_config.json").write_text(json.dumps(said))
    (made / "vocab.txt").write_text("\n".join(WORDS) + "\n")
    (made / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer"}))
    return made


@pytest.fixture(scope="module")
def bundle(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return build(str(folder), tmp_path_factory.mktemp("out") / "reader.edge", Order(engines=("onnxruntime",)))


def test_both_stages_are_proven_and_verified(bundle: Bundle) -> None:
    encoder, decoder = bundle.manifest.stages
    assert (encoder.name, decoder.name) == ("encoder", "decoder")
    assert [spec.name for spec in encoder.outputs] == ["encoder_hidden_states"]
    assert [(spec.name, spec.shape[:2]) for spec in decoder.inputs] == [
        ("input_ids", ("batch", "sequence")),
        ("encoder_hidden_states", ("batch", encoder.outputs[0].shape[1])),
    ]
    assert {hop.hop for hop in decoder.parity} == {"paddle for onnxruntime", "onnxruntime"}
    assert {(check.stage, check.vectors) for check in verify(bundle).checks} == {("encoder", 2), ("decoder", 2)}


def test_texts_are_those_of_transformers_token_for_token(bundle: Bundle, folder: Path) -> None:
    random = np.random.default_rng(0)
    pictures = [
        random.integers(0, 256, (high, 64, 3), np.uint8) // (at + 1) for at, high in enumerate((40, 64, 90, 20))
    ]
    with edge.load(bundle.path) as model:
        together = model.run_batch(pictures)
        alone = [model(picture) for picture in pictures]
    steps = PixelPipeline(bundle.manifest.stages[0].preprocess)
    pixels = np.stack([steps(decode(picture)) for picture in pictures])
    network = transformers.VisionEncoderDecoderModel.from_pretrained(folder).eval()
    with torch.no_grad():
        written = network.generate(torch.from_numpy(pixels), do_sample=False, num_beams=1)
    for found, other, expected in zip(together, alone, written.tolist(), strict=True):
        assert isinstance(found, Text)
        assert isinstance(other, Text)
        assert found.tokens == other.tokens == tuple(expected[: len(found.tokens)])
        assert set(expected[len(found.tokens) :]) <= {1}  # padding behind the end
        assert found.text == " ".join(WORDS[token] for token in found.tokens if token >= len(SPECIAL))
