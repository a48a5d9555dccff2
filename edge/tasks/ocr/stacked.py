"""Whether lines that run down a page are vertical text, or lines of a page that is turned.

Recognisers read both: they were trained on vertical lines that were laid on their side, turned back by a quarter.
Turned forth again, characters of vertical text stand upright and are read as before; those of a turned page lie on the
side that no recogniser has seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edge.tasks.ocr.ctc import Reading
from edge.tasks.ocr.finder import Found, Read
from edge.tasks.ocr.opencv import Pixels
from edge.tasks.ocr.scripts import is_wide

SURE = 0.9
LINES, LETTERS = 3, 4
"""So many of a page and of each are looked at."""

AGREED = 0.5
"""Share of the characters. Of vertical text, four PP-OCR models read nine tenths again, of turned pages hardly any."""


def stacked(found: Found, readings: Sequence[Reading], read: Read) -> bool:
    """Whether the lines of a page that seems turned by a quarter are vertical; `read` reads characters of them."""
    if found.turned % 180 == 0:
        return False
    asked = [number for number, down in enumerate(found.tall) if not down and is_wide(readings[number].text)][:LINES]
    letters = [pair for number in asked for pair in _letters(found.crops[number], readings[number])]
    if not letters:
        return False
    again = read([np.ascontiguousarray(np.rot90(picture, -1)) for picture, _ in letters])
    agreed = sum(one.text == letter for one, (_, letter) in zip(again, letters, strict=True))
    return agreed > AGREED * len(letters)


def _letters(crop: Pixels, reading: Reading) -> list[tuple[Pixels, str]]:
    """Squares around wide characters that were read surely, with what they are."""
    height, width = crop.shape[:2]
    found = []
    for letter, score, place in zip(reading.text, reading.scores, reading.places, strict=True):
        left = round(place * width - height / 2)
        if is_wide(letter) and score >= SURE and left >= 0 and left + height <= width:
            found.append((np.ascontiguousarray(crop[:, left : left + height]), letter))
    return found[:: max(len(found) // LETTERS, 1)][:LETTERS]
