from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from edge.tasks.ocr.ctc import Reading
from edge.tasks.ocr.finder import Found
from edge.tasks.ocr.opencv import Pixels
from edge.tasks.ocr.stacked import stacked

SIDE = 32


def read(pictures: Sequence[Pixels]) -> list[Reading]:
    """Knows one character, which is dark at its top, and the right way up only."""
    upright = [picture[: SIDE // 4].mean() < picture[-SIDE // 4 :].mean() for picture in pictures]
    return [Reading("字", 1.0, (1.0,), (0.5,)) if one else Reading("", 0.0, (), ()) for one in upright]


def page(letters: int, *, lying: bool, turned: int = 90, text: str = "字") -> tuple[Found, list[Reading]]:
    """A line of characters that stand upright in its picture, or lie as those of vertical text do."""
    letter = np.full((SIDE, SIDE, 3), 255, np.uint8)
    letter[: SIDE // 4, 4:-4] = 0
    crop = np.concatenate([np.rot90(letter) if lying else letter] * letters, axis=1)
    places = tuple((number + 0.5) / letters for number in range(letters))
    found = Found(500, 500, turned, (np.zeros((4, 2), np.float32),), (crop,), (False,), {})
    return found, [Reading(text * letters, 1.0, (1.0,) * letters, places)]


@pytest.mark.parametrize("letters", [1, 3, 20])
@pytest.mark.parametrize("turned", [90, 270])
def test_vertical_text_is_told_from_a_turned_page(letters: int, turned: int) -> None:
    assert stacked(*page(letters, lying=True, turned=turned), read)
    assert not stacked(*page(letters, lying=False, turned=turned), read)


def test_pages_that_are_not_turned_are_not_asked_for() -> None:
    for turned in (0, 180):
        assert not stacked(*page(3, lying=True, turned=turned), read)


def test_other_scripts_do_not_run_down() -> None:
    assert not stacked(*page(3, lying=True, text="a"), read)
