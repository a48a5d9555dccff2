"""Lines of text become a network's input, in a buffer that is used again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.tasks.ocr.normalise import Normalise
from edge.tasks.ocr.opencv import Pixels, resized
from edge.tasks.ocr.options import LineInput

OVERLAP = 4
"""How far the parts of a long line overlap, in heights of the line: two characters to each side of the middle."""


@dataclass(frozen=True)
class Part:
    """Pixels `start` to `end` of the line with this number, scaled to the network's height and `whole` pixels wide."""

    line: int
    whole: int
    start: int
    end: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.end - self.start


class LinePixels:
    """Scales lines and writes them into batches, float32 (lines, 3, height, width), zeros at the right."""

    def __init__(self, options: LineInput) -> None:
        self._options = options
        self._normalise = Normalise(options.colours)
        self._buffer = np.empty(0, np.float32)

    def width(self, height: int, width: int) -> int:
        """How wide a line of this size is at the network's height."""
        return max(1, math.ceil(self._options.height * width / height * self._options.stretch))

    def squeezed(self, line: int, width: int) -> Part:
        """The line as one part, narrower than in proportion where the network does not take more."""
        width = min(width, self._options.widths[-1])
        return Part(line, width, 0, width)

    def parts(self, line: int, width: int) -> list[Part]:
        """The line as parts of equal width that the network takes, each overlapping the next; most lines are one."""
        longest = self._options.widths[-1]
        if width <= longest:
            return [Part(line, width, 0, width)]
        overlap = min(OVERLAP * self._options.height, longest // 2)
        count = math.ceil((width - overlap) / (longest - overlap))
        size = math.ceil((width + (count - 1) * overlap) / count)
        starts = [round(number * (width - size) / (count - 1)) for number in range(count)]
        return [Part(line, width, start, start + size) for start in starts]

    def batch(self, crops: Sequence[Pixels], parts: Sequence[Part], width: int) -> NDArray[np.float32]:
        """The input for these parts; `crops` are their lines. It is overwritten by the next call."""
        height = self._options.height
        shape = (len(parts), 3, height, width)
        size = math.prod(shape)
        if self._buffer.size < size:
            self._buffer = np.empty(size, np.float32)
        values = self._buffer[:size].reshape(shape)
        for row, crop, part in zip(values, crops, parts, strict=True):
            whole = resized(crop, height, part.whole)
            self._normalise(whole[:, part.start : part.end], row[:, :, : part.width])
            row[:, :, part.width :] = 0
        return values
