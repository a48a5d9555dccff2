"""How far a text that was read is from the truth."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

FOLDED = str.maketrans({**dict.fromkeys("‘’‚‛′", "'"), **dict.fromkeys("“”„‟″", '"'), **dict.fromkeys("‐‑‒–—―−", "-")})  # noqa: RUF001
WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts that are written without spaces; a space beside one of their characters is layout."""

BESIDE_WIDE = re.compile(rf"(?<=[{WIDE}])\s+|\s+(?=[{WIDE}])")


def plain_text(text: str) -> str:
    """What counts of a text: NFKC, typographic quotes and dashes as ASCII, runs of white space as one space or none."""
    folded = unicodedata.normalize("NFKC", text).translate(FOLDED)
    return BESIDE_WIDE.sub("", " ".join(folded.split()))


def edit_distance(one: str, other: str) -> int:
    """The fewest insertions, deletions and replacements of code points that lead from one to the other (Levenshtein).

    Takes time for the product of both lengths, memory for one of them.
    """
    letters = np.frombuffer(other.encode("utf-32-le"), np.uint32)
    places = np.arange(len(letters) + 1)
    row = places
    for number, letter in enumerate(one, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (letters != ord(letter)))
        # What an insertion gives depends on the neighbour to the left: without the places it is a running minimum.
        row = np.minimum.accumulate(np.concatenate(([number], best)) - places) + places
    return int(row[-1])
