"""Decoders that continue a text: the tokens so far, int64, (batch, sequence), and what an encoder made of the input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from packager.tasks.modality import BATCH, Feeds, Modality, batches
from packager.tasks.plan import Axis, InputPlan, ModelFacts
from packager.tasks.text_inputs import SEQUENCE

# Which of the two batches, and the tokens so far: the first step has one.
CALLS = ((0, 1), (1, 5), (0, 2), (1, 33))


def inputs(facts: ModelFacts) -> tuple[InputPlan, ...]:
    """Tokens from the first step on, as many as there are positions."""
    sequence = Axis(name=SEQUENCE, minimum=1, maximum=facts.sequence_limit)
    return (
        InputPlan(name="input_ids", dtype="int64", axes=(BATCH, sequence)),
        InputPlan(name="encoder_hidden_states", dtype="float32", axes=(BATCH, *facts.memory)),
    )


def samples(facts: ModelFacts, plan: Sequence[InputPlan], random: np.random.Generator) -> tuple[Feeds, ...]:
    """Tokens of the whole vocabulary, and hidden states as a norm leaves them."""
    axis = plan[0].axes[1]
    calls: list[Feeds] = []
    for which, tokens in CALLS:
        batch = batches(plan)[which]
        length = axis if isinstance(axis, int) else min(tokens, axis.maximum)
        ids = random.integers(0, facts.vocabulary, (batch, length))
        memory = random.standard_normal((batch, *facts.memory)).astype(np.float32)
        calls.append({"input_ids": ids, "encoder_hidden_states": memory})
    return tuple(calls)


def valid(feeds: Mapping[str, NDArray[np.generic]]) -> NDArray[np.bool_] | None:  # noqa: ARG001 (nothing is padded)
    """Every score counts."""
    return None


PREFIX = Modality("prefix", "input_ids", inputs, samples, valid)
