"""Lines are read as they are; only those that were read badly may be upside down, and are looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.tasks.ocr.ctc import Reading
from edge.tasks.ocr.line_turner import LineTurner
from edge.tasks.ocr.opencv import Pixels
from edge.tasks.ocr.recogniser import Recogniser

SURE = 0.9
"""A line with this score is upright: of 290 lines turned by 180 degrees, PP-OCRv4 gave it to 3, to 278 as they were."""


@dataclass(frozen=True)
class LineReading:
    """A reading, and the degrees (0 or 180) by which the line's text is turned clockwise in its picture."""

    reading: Reading
    turned: int = 0


class LineReader:
    """The stages `recognise` and, where a bundle has it, `turn-line`. Use it from one thread at a time."""

    def __init__(self, recogniser: Recogniser, turner: LineTurner | None = None) -> None:
        self._recogniser, self._turner = recogniser, turner

    def as_they_are(self, crops: Sequence[Pixels]) -> list[Reading]:
        """A reading for each picture, none turned."""
        return self._recogniser(crops)

    def over(self, crops: Sequence[Pixels]) -> bool:
        """Whether most of the pictures are upside down, as far as `turn-line` can tell."""
        turns = self._turner(crops) if self._turner is not None else []
        return 2 * turns.count(180) > len(crops)

    def __call__(self, crops: Sequence[Pixels]) -> list[LineReading]:
        """A reading for each picture of a line, uint8 (height, width, 3) RGB, whichever way up.

        A line that is read again is what its better reading says. Without a turner, all doubtful lines are read twice.
        """
        readings = [LineReading(one) for one in self._recogniser(crops)]
        doubtful = [number for number, one in enumerate(readings) if one.reading.score < SURE]
        again = doubtful
        if self._turner is not None:
            turns = self._turner([crops[number] for number in doubtful])
            again = [number for number, turned in zip(doubtful, turns, strict=True) if turned == 180]
        other = self._recogniser([np.ascontiguousarray(crops[number][::-1, ::-1]) for number in again])
        for number, reading in zip(again, other, strict=True):
            if reading.score > readings[number].reading.score:
                readings[number] = LineReading(reading, 180)
        return readings
