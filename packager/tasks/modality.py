"""What kind of thing a network reads, and with it: which inputs it has and how seeded samples of them are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packager.tasks.plan import Axis, InputPlan, ModelFacts

Feeds = dict[str, NDArray[np.generic]]
BATCH = Axis(name="batch", minimum=1, maximum=1024)
# An engine can be right at one batch and wrong at another.
OPEN_BATCHES = (1, 3)


@dataclass(frozen=True)
class Modality:
    """One kind of input.

    `main_input` is transformers' name of the first input. `inputs` plans the inputs from the facts, with every size
    open that can be; `samples` makes calls that fit a plan, in which sizes may have been fixed since: the same ones for
    the same random generator, at batch 1 and 3 where the batch is open; the second one is padded where inputs can be.
    `valid` gives the mask (batch,
    sequence) of positions that count, or None where all of them do.
    """

    name: str
    main_input: str
    inputs: Callable[[ModelFacts], tuple[InputPlan, ...]]
    samples: Callable[[ModelFacts, Sequence[InputPlan], np.random.Generator], tuple[Feeds, ...]]
    valid: Callable[[Mapping[str, NDArray[np.generic]]], NDArray[np.bool_] | None]


def batches(plan: Sequence[InputPlan]) -> tuple[int, int]:
    """The batch of two calls: 1 and 3, or twice the one that the plan fixes."""
    batch = plan[0].axes[0]
    return (batch, batch) if isinstance(batch, int) else OPEN_BATCHES
