"""A text network whose tokens do not see each other is refused: parity could not tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import transformers

from packager.capture.context import refuse_without_context
from packager.errors import UnsupportedModelError
from packager.parity.jitter import jitter
from packager.tasks.plan import ModelFacts
from packager.tasks.text_inputs import TEXT
from tests.support.checkpoints import ENCODER

FACTS = ModelFacts(sequence_limit=64, vocabulary=200, feeds=("input_ids", "attention_mask"))
OF_TOKENS = {"last_hidden_state": "last_hidden_state"}
OF_TEXTS = {"logits": "logits"}


def check(model: Any, fields: dict[str, str]) -> None:
    jitter(model, seed=1)
    call = TEXT.samples(FACTS, TEXT.inputs(FACTS), np.random.default_rng(0))[1]
    refuse_without_context(model.eval(), fields, call)


def test_encoders_and_decoders_pass() -> None:
    check(transformers.BertModel(transformers.BertConfig(**ENCODER)), OF_TOKENS)
    check(transformers.BertForSequenceClassification(transformers.BertConfig(**ENCODER)), OF_TEXTS)
    check(
        transformers.GPT2Model(transformers.GPT2Config(n_embd=32, n_layer=2, n_head=2, vocab_size=200, n_positions=64)),
        OF_TOKENS,
    )


def test_attention_that_is_not_there_on_this_processor() -> None:
    model = transformers.MraForSequenceClassification(transformers.MraConfig(**ENCODER, num_labels=3))
    with pytest.raises(UnsupportedModelError, match="the same logits for any other tokens"):
        check(model, OF_TEXTS)


def test_tokens_that_stay_alone() -> None:
    model = transformers.BertModel(transformers.BertConfig(**ENCODER))
    for layer in model.encoder.layer:
        layer.attention.self.register_forward_hook(lambda _, __, given: (torch.zeros_like(given[0]), *given[1:]))
    with pytest.raises(UnsupportedModelError, match="its attention does nothing"):
        check(model, OF_TOKENS)
