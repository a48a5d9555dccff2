"""Input rewrites are kept only where the network computes the same with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import transformers

from packager.capture.rewrites import choose_rewrites
from packager.capture.wrapper import Rewrites
from packager.parity.jitter import jitter
from packager.tasks.plan import ModelFacts
from packager.tasks.text_inputs import TEXT
from tests.support.checkpoints import ENCODER

FIELDS = {"last_hidden_state": "last_hidden_state"}
FACTS = ModelFacts(sequence_limit=64, vocabulary=200, feeds=("input_ids", "attention_mask"))


def chosen(model: Any) -> Rewrites:
    jitter(model, seed=1)
    model.eval().set_attn_implementation("eager")
    call = TEXT.samples(FACTS, TEXT.inputs(FACTS), np.random.default_rng(0))[1]
    return choose_rewrites(model, TEXT.inputs(FACTS), FIELDS, call, TEXT.valid(call))


def test_an_encoder_takes_both() -> None:
    model = transformers.BertModel(transformers.BertConfig(**ENCODER))
    assert chosen(model) == Rewrites(additive_mask=True, neutral_ids=("token_type_ids",))


def test_a_decoder_keeps_its_own_mask() -> None:
    """Given a mask in four dimensions a decoder would no longer hide what comes later."""
    config = transformers.GPT2Config(n_embd=32, n_layer=2, n_head=2, vocab_size=200, n_positions=64, use_cache=False)
    assert not chosen(transformers.GPT2Model(config)).additive_mask


@pytest.mark.parametrize("kind", ["p2c", "c2p"])
def test_a_network_that_reads_the_mask_otherwise_keeps_it(kind: str) -> None:
    config = transformers.DebertaV2Config(**ENCODER, relative_attention=True, pos_att_type=[kind])
    assert not chosen(transformers.DebertaV2Model(config)).additive_mask


def test_a_network_that_asserts_the_shape_of_its_mask_keeps_it() -> None:
    config = transformers.XLMConfig(emb_dim=32, n_layers=1, n_heads=2, n_words=200, max_position_embeddings=64)
    assert not chosen(transformers.XLMModel(config)).additive_mask
