"""Pictures of random strokes: what networks that look for text, lines or edges answer to, unlike noise.

On noise a text detector says "nothing" everywhere, with probabilities of 1e-6, and no comparison could see an error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

INK, PAPER = -1.5, 1.5
GLYPH = (8, 6)
PITCH = 8
LINE_STEPS = (14, 24)
MARGIN = 4


def strokes(random: np.random.Generator, batch: int, channels: int, height: int, width: int) -> NDArray[np.float32]:
    """Normalised pictures [batch, channels, height, width] with lines of random glyphs, the same in every channel."""
    page = np.full((batch, 1, height, width), PAPER, np.float32)
    for picture in page[:, 0]:
        top = MARGIN
        while top + GLYPH[0] + MARGIN <= height:
            for left in range(MARGIN, width - PITCH, PITCH):
                marks = random.random((GLYPH[0] // 2, GLYPH[1] // 2)) < random.choice((0.0, 0.55, 0.55, 0.55))
                picture[top : top + GLYPH[0], left : left + GLYPH[1]] = np.where(
                    np.kron(marks, np.ones((2, 2))) > 0, INK, PAPER
                )
            top += int(random.integers(*LINE_STEPS))
    return np.repeat(page, channels, axis=1)
