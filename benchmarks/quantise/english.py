"""English sentences that every Python has: those of its own reference, which no model here was made for."""

from __future__ import annotations

import random
import re
from pathlib import Path

CALIBRATE, TEST = 200, 200
FEWEST_WORDS, MOST_WORDS = 5, 40

_PARAGRAPH = re.compile(r"\n\s*\n")
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_MARKUP = re.compile(r"[*`\"]")


def calibration_sentences(path: Path) -> Path:
    """Write the sentences that the packager gets, one a line."""
    path.write_text("".join(f"{one}\n" for one in _sentences()[:CALIBRATE]), encoding="utf-8")
    return path


def held_out_sentences() -> tuple[str, ...]:
    """Others, whose similarities are ranked."""
    return _sentences()[CALIBRATE : CALIBRATE + TEST]


def _sentences() -> tuple[str, ...]:
    """All that are different and neither very short nor very long, in an order that a fixed seed decides."""
    from pydoc_data.topics import topics

    paragraphs = [part for name in sorted(topics) for part in _PARAGRAPH.split(topics[name])]
    prose = [" ".join(one.split()) for one in paragraphs if re.match("[A-Z]", one) and one.rstrip().endswith(".")]
    found = dict.fromkeys(_MARKUP.sub("", one) for text in prose for one in _END_OF_SENTENCE.split(text))
    chosen = [one for one in found if FEWEST_WORDS <= len(one.split()) <= MOST_WORDS]
    random.Random(0).shuffle(chosen)
    return tuple(chosen)
