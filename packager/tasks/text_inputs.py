"""Networks that read a text: token ids and masks, int64, (batch, sequence)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from packager.tasks.modality import BATCH, Feeds, Modality
from packager.tasks.plan import Axis, InputPlan, ModelFacts

SHORTEST = 4
# Batch and length of each sample; rows after the first are shorter than the length, the rest is padding.
CALLS = ((1, 12), (3, 33), (1, SHORTEST), (3, 128))


def inputs(facts: ModelFacts) -> tuple[InputPlan, ...]:
    """What the tokenizer feeds; every input has the same batch and sequence length."""
    sequence = Axis(name="sequence", minimum=SHORTEST, maximum=facts.sequence_limit)
    return tuple(InputPlan(name=name, dtype="int64", axes=(BATCH, sequence)) for name in facts.feeds)


def samples(facts: ModelFacts, random: np.random.Generator) -> tuple[Feeds, ...]:
    """Tokens from the whole vocabulary without special ones; padding ids only where the mask is 0, on the right."""
    ordinary = np.setdiff1d(np.arange(facts.vocabulary), [*facts.special_ids, facts.pad_id])
    return tuple(_call(facts, ordinary, batch, min(length, facts.sequence_limit), random) for batch, length in CALLS)


def _call(
    facts: ModelFacts, ordinary: NDArray[np.int64], batch: int, length: int, random: np.random.Generator
) -> Feeds:
    masked = "attention_mask" in facts.feeds
    lengths = [max(1, length * (batch - row) // batch) if masked else length for row in range(batch)]
    mask = (np.arange(length) < np.array(lengths)[:, None]).astype(np.int64)
    ids = random.choice(ordinary, (batch, length)).astype(np.int64)
    segments = (np.arange(length) >= np.array(lengths)[:, None] // 2).astype(np.int64) * mask
    known = {"input_ids": np.where(mask == 1, ids, facts.pad_id), "attention_mask": mask, "token_type_ids": segments}
    return {name: known[name] for name in facts.feeds}


def valid(feeds: Mapping[str, NDArray[np.generic]]) -> NDArray[np.bool_] | None:
    """The positions that the attention mask shows."""
    mask = feeds.get("attention_mask")
    return None if mask is None else mask != 0


TEXT = Modality("text", "input_ids", inputs, samples, valid)
