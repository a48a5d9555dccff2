"""From a page to the pictures of its lines, upright: the part of reading that needs the page's pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.tasks.ocr.boxes import Box
from edge.tasks.ocr.crops import crop, is_tall, turned, upside_down
from edge.tasks.ocr.ctc import Reading
from edge.tasks.ocr.line_reader import SURE
from edge.tasks.ocr.opencv import Pixels
from edge.tasks.ocr.page_turner import PageTurner

FEW = 3
"""Lines that are read to learn which way up a page is; a page without more is not asked."""

SHORT, LONG = 2, 16
"""Width over height of lines that tell best which way up they are: a number may be one either way."""

Read = Callable[[Sequence[Pixels]], Sequence[Reading]]
Over = Callable[[Sequence[Pixels]], bool]
Known = dict[int, Reading]


@dataclass(frozen=True, eq=False)
class Found:
    """The lines of a page of (height, width): their corners, float32 (4, 2), and pictures, from the text's top left on.

    `turned` is by how many degrees clockwise the page's content is turned; `tall` says which lines run down the page
    when it is upright; `known` has what was read already, by line.
    """

    height: int
    width: int
    turned: int
    corners: tuple[NDArray[np.float32], ...]
    crops: tuple[Pixels, ...]
    tall: tuple[bool, ...]
    known: Mapping[int, Reading]


class Finder:
    """The stages `detect` and, where a bundle has it, `turn-page`."""

    def __init__(self, detector: Callable[[Pixels], list[Box]], turner: PageTurner | None = None) -> None:
        self._detector, self._turner = detector, turner

    def __call__(self, page: Pixels, read: Read, over: Over) -> Found:
        """The lines of a page, uint8 (height, width, 3 or 1); where it is not clear which way is up, `read` decides.

        `over` guesses whether most of some lines are upside down. It is asked where there is no `turn-page`: lines that
        are read the right way need not be read the other.
        """
        boxes = self._detector(page)
        sideways = sum(max(box.width, box.height) * (1 if is_tall(box) else -1) for box in boxes) > 0
        tall = tuple(is_tall(box) != sideways for box in boxes)
        guess = self._turner(page) if self._turner is not None and boxes else 0
        if (guess % 180 == 90) != sideways:
            guess = 90 if sideways else 0
        # A line that runs down an upright page is taken for one that was turned clockwise.
        corners = [turned(box.corners, guess + 90 * down) for box, down in zip(boxes, tall, strict=True)]
        crops = [crop(page, one) for one in corners]
        asked = _telling(crops, [number for number, down in enumerate(tall) if not down])
        known: Known = {}
        if asked:
            pictures = [crops[number] for number in asked]
            first = self._turner is None and over(pictures)
            wrong, readings = _wrong([upside_down(one) for one in pictures] if first else pictures, read)
            known = _known(asked, readings)
            if first != wrong:
                guess += 180
                corners = [turned(one, 0 if down else 180) for one, down in zip(corners, tall, strict=True)]
                crops = [one if down else upside_down(one) for one, down in zip(crops, tall, strict=True)]
        return Found(
            height=page.shape[0],
            width=page.shape[1],
            turned=guess % 360,
            corners=tuple(corners),
            crops=tuple(crops),
            tall=tall,
            known=known,
        )


def _wrong(pictures: Sequence[Pixels], read: Read) -> tuple[bool, Sequence[Reading]]:
    """Whether lines are upside down, with what was read the right way up."""
    there = read(pictures)
    if _score(there) >= SURE:
        return False, there
    other = read([upside_down(one) for one in pictures])
    return (True, other) if _score(other) > _score(there) else (False, there)


def _known(lines: Sequence[int], readings: Sequence[Reading]) -> Known:
    return {number: one for number, one in zip(lines, readings, strict=True) if one.score >= SURE}


def _score(readings: Sequence[Reading]) -> float:
    return sum(one.score for one in readings) / len(readings)


def _telling(crops: Sequence[Pixels], lines: Sequence[int]) -> list[int]:
    """The lines to be read: long ones, but not so long that reading them takes time; none of a page with few lines."""
    if len(lines) <= FEW:
        return []
    shapes = {number: crops[number].shape[1] / crops[number].shape[0] for number in lines}
    return sorted(lines, key=lambda number: (not SHORT <= shapes[number] <= LONG, -shapes[number]))[:FEW]
