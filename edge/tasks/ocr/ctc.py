"""From a network's scores of each step along a line to its characters: greedy CTC (Graves et al., ICML 2006, 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Reading:
    """What was read in one line. `score` is the mean of `scores`, 0 where nothing was read.

    `scores` and `places` have one entry for each code point of `text`: its probability, and where its centre is along
    the line, from 0 (the text's start) to 1.
    """

    text: str
    score: float
    scores: tuple[float, ...]
    places: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Steps:
    """The likeliest class of every step along a line, its probability, and the step's centre in pixels."""

    classes: NDArray[np.intp]
    scores: NDArray[np.float32]
    centres: NDArray[np.float32]

    def within(self, start: float, end: float) -> Steps:
        """The steps whose centres are from `start` up to `end`."""
        first, last = np.searchsorted(self.centres, (start, end))
        return Steps(self.classes[first:last], self.scores[first:last], self.centres[first:last])


def likeliest(probabilities: NDArray[Any], width: int, start: int = 0) -> Steps:
    """The steps of a row (steps, classes); its picture begins at pixel `start` of a line and is `width` wide."""
    classes = probabilities.argmax(axis=-1)
    scores = np.take_along_axis(probabilities, classes[:, None], axis=-1)[:, 0]
    count = len(classes)
    centres = start + (np.arange(count, dtype=np.float32) + np.float32(0.5)) * np.float32(width / max(count, 1))
    return Steps(classes, scores, centres)


def joined(parts: Sequence[Steps], blank: int) -> Steps:
    """The steps of a line that was read in parts, in order, each overlapping the next.

    Parts change over at a step that is blank in the earlier one and as far from both ends of the overlap as can be:
    a part sees a character whole, or not at all.
    """
    line = parts[0]
    for part in parts[1:]:
        cut = _cut(line, part, blank)
        before, after = line.within(0, cut), part.within(cut, np.inf)
        line = Steps(
            np.concatenate([before.classes, after.classes]),
            np.concatenate([before.scores, after.scores]),
            np.concatenate([before.centres, after.centres]),
        )
    return line


def _cut(line: Steps, part: Steps, blank: int) -> float:
    start, end = float(part.centres[0]), float(line.centres[-1])
    middle = (start + end) / 2
    inside = line.within(start, end)
    blanks = inside.centres[inside.classes == blank]
    # A blank near the edge is one of a part that does not see what is there.
    blanks = blanks[np.abs(blanks - middle) <= (end - start) / 4]
    return float(blanks[np.abs(blanks - middle).argmin()]) if blanks.size else middle


def read(steps: Steps, width: float, characters: Sequence[str], blank: int) -> Reading:
    """The characters of a line `width` pixels wide. Runs of one class are one character, as sure as their surest step.

    `characters` has an entry for each class, the blank's unused; code points of one entry share its score and place.
    """
    classes = steps.classes
    if not classes.size:
        return Reading("", 0.0, (), ())
    starts = np.flatnonzero(np.concatenate([[True], classes[1:] != classes[:-1]]))
    ends = np.append(starts[1:], classes.size) - 1
    best = np.maximum.reduceat(steps.scores, starts)
    kept = classes[starts] != blank
    found = [characters[one] for one in classes[starts[kept]]]
    scores = best[kept].tolist()
    places = np.clip((steps.centres[starts[kept]] + steps.centres[ends[kept]]) / (2 * width), 0, 1).tolist()
    every = [(score, place) for one, score, place in zip(found, scores, places, strict=True) for _ in one]
    if not every:
        return Reading("", 0.0, (), ())
    all_scores, all_places = zip(*every, strict=True)
    return Reading("".join(found), sum(all_scores) / len(all_scores), all_scores, all_places)
