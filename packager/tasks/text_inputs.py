"""Networks that read a text: token ids and masks, int64, (batch, sequence)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from packager.errors import UnsupportedModelError
from packager.tasks.modality import BATCH, Feeds, Modality, batches
from packager.tasks.plan import Axis, InputPlan, ModelFacts

SEQUENCE = "sequence"
MASK = "attention_mask"
SHORTEST = 4
# Which of the two batches, the tokens of the first row, and the length; further rows are shorter, the rest is padding.
CALLS = ((0, 12, 12), (1, 32, 33), (0, SHORTEST, SHORTEST), (1, 128, 128))


def inputs(facts: ModelFacts) -> tuple[InputPlan, ...]:
    """What the tokenizer feeds; every input has the same batch and sequence length."""
    sequence = Axis(name=SEQUENCE, minimum=SHORTEST, maximum=facts.sequence_limit)
    return tuple(InputPlan(name=name, dtype="int64", axes=(BATCH, sequence)) for name in facts.feeds)


def refuse_unpadded(plan: Sequence[InputPlan]) -> None:
    """Raise UnsupportedModelError where texts would have to be filled up to a length, and the network sees no mask."""
    if isinstance(plan[0].axes[1], int) and MASK not in [one.name for one in plan]:
        raise UnsupportedModelError(
            f"the network takes {plan[0].axes[1]} tokens and reads no mask, so shorter texts cannot be filled up",
            remedy="build the network alone with --task tensors",
        )


def samples(facts: ModelFacts, plan: Sequence[InputPlan], random: np.random.Generator) -> tuple[Feeds, ...]:
    """Tokens from the whole vocabulary without special ones; padding ids only where the mask is 0, on the right."""
    ordinary = np.setdiff1d(np.arange(facts.vocabulary), [*facts.special_ids, facts.pad_id, facts.end_id])
    axis = plan[0].axes[1]
    calls = []
    for which, tokens, width in CALLS:
        length = axis if isinstance(axis, int) else min(width, axis.maximum)
        longest = min(tokens, length - (width - tokens))
        calls.append(_call(facts, ordinary, (batches(plan)[which], length), longest, random))
    return tuple(calls)


def _call(
    facts: ModelFacts, ordinary: NDArray[np.int64], shape: tuple[int, int], longest: int, random: np.random.Generator
) -> Feeds:
    batch, length = shape
    masked = MASK in facts.feeds
    lengths = [max(1, longest * (batch - row) // batch) if masked else length for row in range(batch)]
    mask = (np.arange(length) < np.array(lengths)[:, None]).astype(np.int64)
    ids = random.choice(ordinary, shape).astype(np.int64)
    if facts.end_id >= 0:
        ids[np.arange(batch), np.array(lengths) - 1] = facts.end_id
    segments = (np.arange(length) >= np.array(lengths)[:, None] // 2).astype(np.int64) * mask
    known = {"input_ids": np.where(mask == 1, ids, facts.pad_id), MASK: mask, "token_type_ids": segments}
    return {name: known[name] for name in facts.feeds}


def valid(feeds: Mapping[str, NDArray[np.generic]]) -> NDArray[np.bool_] | None:
    """The positions that the attention mask shows."""
    mask = feeds.get(MASK)
    return None if mask is None else mask != 0


TEXT = Modality("text", "input_ids", inputs, samples, valid)
