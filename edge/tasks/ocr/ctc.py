"""From a network's steps along a line to its characters: greedy CTC (Graves et al., ICML 2006, 3.2)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.tasks.ocr.scripts import is_spaced
from edge.tasks.ocr.steps import Steps


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


@dataclass(frozen=True)
class _Character:
    """One class that was read: its text, probability and place, and the first and last of its steps."""

    text: str
    score: float
    place: float
    first: int
    last: int


class Decoder:
    """Decodes lines. Runs of one class are one character, as sure as their surest step."""

    def __init__(self, characters: Sequence[str], blank: int, faint_space: float = 1.0) -> None:
        """`characters` has an entry for each class, the blank's unused; code points of one share its score and place.

        Where no step between two letters says space, one that says so with `faint_space` is one all the same.
        """
        self._characters, self.blank, self._faint = characters, blank, faint_space
        self.space = characters.index(" ") if " " in characters else None

    def __call__(self, steps: Steps, width: float) -> Reading:
        """The text of a line `width` pixels wide, with one space in a gap and none at its ends."""
        found = self._with_faint_spaces(_without_idle_spaces(self._characters_of(steps, width)), steps)
        scores = tuple(one.score for one in found for _ in one.text)
        places = tuple(one.place for one in found for _ in one.text)
        return Reading("".join(one.text for one in found), sum(scores) / max(len(scores), 1), scores, places)

    def _characters_of(self, steps: Steps, width: float) -> list[_Character]:
        classes = steps.classes
        if not classes.size:
            return []
        starts = np.flatnonzero(np.concatenate([[True], classes[1:] != classes[:-1]]))
        ends = np.append(starts[1:], classes.size) - 1
        kept = classes[starts] != self.blank
        best = np.maximum.reduceat(steps.scores, starts)[kept]
        starts, ends = starts[kept], ends[kept]
        places = np.clip((steps.centres[starts] + steps.centres[ends]) / (2 * width), 0, 1)
        columns = (one.tolist() for one in (classes[starts], best, places, starts, ends))
        return [_Character(self._characters[found], *rest) for found, *rest in zip(*columns, strict=True)]

    def _with_faint_spaces(self, found: list[_Character], steps: Steps) -> list[_Character]:
        """As sure as the less sure of the letters around them: a probability of its own would make a line doubtful."""
        line = found[:1]
        for before, after in itertools.pairwise(found):
            between = steps.spaces[before.last + 1 : after.first]
            if between.size and between.max() >= self._faint and _may_part(before.text, after.text):
                place = (before.place + after.place) / 2
                line.append(_Character(" ", min(before.score, after.score), place, before.last, after.first))
            line.append(after)
        return line


def _without_idle_spaces(found: list[_Character]) -> list[_Character]:
    kept: list[_Character] = []
    for one in found:
        if not one.text.isspace() or (kept and not kept[-1].text.isspace()):
            kept.append(one)
    return kept[:-1] if kept and kept[-1].text.isspace() else kept


def _may_part(before: str, after: str) -> bool:
    """Whether a space between the two parts words: nothing else but the gap itself parts numbers and signs."""
    return is_spaced(before + after) and after.isalpha() and not before.isspace()
