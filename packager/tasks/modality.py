"""What kind of thing a network reads, and with it: which inputs it has and how seeded samples of them are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packager.tasks.plan import Axis, InputPlan, ModelFacts

Feeds = dict[str, NDArray[np.generic]]
BATCH = Axis(name="batch", minimum=1, maximum=1024)


@dataclass(frozen=True)
class Modality:
    """One kind of input.

    `main_input` is transformers' name of the first input. `inputs` plans the inputs from the facts; `samples` makes
    calls from the facts, the same ones for the same random generator, at batch 1 and 3. `valid` gives the mask (batch,
    sequence) of positions that count, or None where all of them do.
    """

    name: str
    main_input: str
    inputs: Callable[[ModelFacts], tuple[InputPlan, ...]]
    samples: Callable[[ModelFacts, np.random.Generator], tuple[Feeds, ...]]
    valid: Callable[[Mapping[str, NDArray[np.generic]]], NDArray[np.bool_] | None]
