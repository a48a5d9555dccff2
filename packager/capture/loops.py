"""Loops that end early once every answer is complete: taken to their last step, and proven to begin the same way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.overrides import TorchFunctionMode

from packager.errors import UnsupportedModelError

# The steps are computed one by one either way; only the order of sums may differ with the number of them.
CLOSE = 1e-5


class WholeLoops(TorchFunctionMode):
    """Answers "not all" where a network branches on `all()` of a tensor.

    A network that decodes in a loop asks whether all of its answers are complete, and leaves the loop then. A graph has
    no such branch: it takes every step that the configuration allows, as it would for an answer that never ends.
    """

    def __init__(self) -> None:
        super().__init__()
        self._asked: torch.Tensor | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call `func`, but for the truth of what `all` has just made."""
        if func is torch.Tensor.__bool__ and args[0] is self._asked:
            return False
        result = func(*args, **(kwargs or {}))
        if func in (torch.Tensor.all, torch.all):
            self._asked = result
        return result


def refuse_other_beginning(
    whole: Mapping[str, NDArray[Any]], plain: Mapping[str, NDArray[Any]], architecture: str
) -> None:
    """Raise UnsupportedModelError unless every plain output is where the same output of the whole loops begins.

    Axis by axis the plain output may be shorter.
    """
    for name, expected in plain.items():
        found = whole[name]
        fits = found.ndim == expected.ndim and all(a >= b for a, b in zip(found.shape, expected.shape, strict=True))
        start = found[tuple(slice(size) for size in expected.shape)] if fits else None
        limit = CLOSE * np.max(np.abs(expected), initial=0.0)
        if start is None or not np.max(np.abs(start - expected), initial=0.0) <= limit:
            raise UnsupportedModelError(
                f"{architecture} leaves a loop by its values, and computes another {name} where it does not",
                remedy="use another model",
            )
