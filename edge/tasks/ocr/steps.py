"""What a network says of each step along a line, and how lines that were read in parts become whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Steps:
    """The likeliest class of every step along a line, its probability, a space's, and the step's centre in pixels."""

    classes: NDArray[np.intp]
    scores: NDArray[np.float32]
    spaces: NDArray[np.float32]
    centres: NDArray[np.float32]

    def within(self, start: float, end: float) -> Steps:
        """The steps whose centres are from `start` up to `end`."""
        kept = slice(*np.searchsorted(self.centres, (start, end)))
        return Steps(self.classes[kept], self.scores[kept], self.spaces[kept], self.centres[kept])

    def then(self, after: Steps) -> Steps:
        """These and, behind them, others."""
        return Steps(
            np.concatenate([self.classes, after.classes]),
            np.concatenate([self.scores, after.scores]),
            np.concatenate([self.spaces, after.spaces]),
            np.concatenate([self.centres, after.centres]),
        )


def likeliest(probabilities: NDArray[Any], width: int, start: int = 0, space: int | None = None) -> Steps:
    """The steps of a row (steps, classes); its picture begins at pixel `start` of a line and is `width` wide.

    `space` is the class of a space, if there is one.
    """
    count = len(probabilities)
    classes = probabilities.argmax(axis=-1)
    scores = np.take_along_axis(probabilities, classes[:, None], axis=-1)[:, 0]
    spaces = np.zeros(count, np.float32) if space is None else probabilities[:, space].copy()
    centres = start + (np.arange(count, dtype=np.float32) + np.float32(0.5)) * np.float32(width / max(count, 1))
    return Steps(classes, scores, spaces, centres)


def joined(parts: Sequence[Steps], blank: int) -> Steps:
    """The steps of a line that was read in parts, in order, each overlapping the next.

    Parts change over at a step that is blank in the earlier one and as far from both ends of the overlap as can be:
    a part sees a character whole, or not at all.
    """
    line = parts[0]
    for part in parts[1:]:
        cut = _cut(line, part, blank)
        line = line.within(0, cut).then(part.within(cut, np.inf))
    return line


def _cut(line: Steps, part: Steps, blank: int) -> float:
    start, end = float(part.centres[0]), float(line.centres[-1])
    middle = (start + end) / 2
    inside = line.within(start, end)
    blanks = inside.centres[inside.classes == blank]
    # A blank near the edge is one of a part that does not see what is there.
    blanks = blanks[np.abs(blanks - middle) <= (end - start) / 4]
    return float(blanks[np.abs(blanks - middle).argmin()]) if blanks.size else middle
