"""Which way up a page is, told by how its lines read: a reader that knows lines by their red left end stands in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.results import Document
from edge.tasks.ocr.assemble import assembled
from edge.tasks.ocr.boxes import Box
from edge.tasks.ocr.ctc import Reading
from edge.tasks.ocr.finder import FEW, Finder
from edge.tasks.ocr.line_reader import LineReading

LINES = [(20, 30, 200, 20), (20, 70, 180, 20), (20, 110, 160, 20), (20, 150, 190, 20), (20, 190, 150, 20)]
"""Left, top, width and height on an upright page of 300 x 240."""


class Boxes:
    """Finds what `LINES` says on a page that was turned."""

    def __init__(self, degrees: int, lines: Sequence[tuple[int, int, int, int]]) -> None:
        self.boxes = [Box(_on_page(*line, degrees), 0.9) for line in lines]

    def __call__(self, _page: NDArray[np.uint8]) -> list[Box]:
        return self.boxes


def page(degrees: int) -> NDArray[np.uint8]:
    upright = np.full((240, 300, 3), 255, np.uint8)
    for left, top, width, height in LINES:
        upright[top : top + height, left : left + width] = 0
        upright[top : top + height, left : left + 20, 0] = 255
    return np.ascontiguousarray(np.rot90(upright, -degrees // 90))


def _on_page(left: int, top: int, width: int, height: int, degrees: int) -> NDArray[np.float32]:
    x, y = np.array([left, left + width] * 2, float), np.array([top, top, top + height, top + height], float)
    for side in [240, 300, 240][: degrees // 90]:
        x, y = side - y, x
    return np.array([[x.min(), y.min()], [x.max(), y.min()], [x.max(), y.max()], [x.min(), y.max()]], np.float32)


def read(pictures: Sequence[NDArray[np.uint8]]) -> list[Reading]:
    scores = [0.95 if picture[10, 5, 0] > 128 else 0.3 for picture in pictures]
    return [Reading("ab", score, (score, score), (0.2, 0.7)) for score in scores]


def unsure(_pictures: Sequence[NDArray[np.uint8]]) -> bool:
    return False


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("wrong", [False, True])
def test_a_guess_saves_reading_lines_twice_and_does_not_decide(degrees: int, wrong: bool) -> None:
    asked: list[int] = []

    def guess(pictures: Sequence[NDArray[np.uint8]]) -> bool:
        return bool(pictures[0][10, 5, 0] <= 128) != wrong

    def counted(pictures: Sequence[NDArray[np.uint8]]) -> list[Reading]:
        asked.append(len(pictures))
        return read(pictures)

    found = Finder(Boxes(degrees, LINES))(page(degrees), counted, guess)
    assert found.turned == degrees
    assert all(picture[10, 5].tolist() == [255, 0, 0] for picture in found.crops)
    assert asked == [FEW] * (2 if wrong else 1)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_lines_of_turned_pages_come_out_upright(degrees: int) -> None:
    found = Finder(Boxes(degrees, LINES))(page(degrees), read, unsure)
    assert found.turned == degrees
    assert not any(found.tall)
    assert len(found.known) == FEW
    for picture, (_, _, width, height) in zip(found.crops, LINES, strict=True):
        assert picture.shape == (height, width, 3)
        assert picture[10, 5].tolist() == [255, 0, 0]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_few_lines_are_turned_by_their_own_readings(degrees: int) -> None:
    found = Finder(Boxes(degrees, LINES[:2]))(page(degrees), read, unsure)
    readings = []
    for picture in found.crops:
        over = read([picture])[0].score < 0.5
        readings.append(LineReading(read([picture[::-1, ::-1] if over else picture])[0], 180 if over else 0))
    result = assembled(found, readings, 0.5, read)
    assert result.turned == degrees
    assert Document((result,)).text == "ab\nab"
    for line, place in zip(result.lines, LINES, strict=False):
        corner = _on_page(place[0], place[1], 0, 0, degrees)[0]
        assert line.box[0] == pytest.approx(tuple(corner), abs=0.1)


def test_a_line_that_runs_down_an_upright_page_is_read_along_itself() -> None:
    lines = [*LINES, (260, 20, 20, 200)]
    upright = page(0)
    upright[20:220, 260:280] = 0
    upright[20:40, 260:280, 0] = 255
    found = Finder(Boxes(0, lines))(upright, read, unsure)
    assert found.tall == (False,) * 5 + (True,)
    assert found.crops[5].shape == (20, 200, 3)
    assert found.crops[5][10, 5].tolist() == [255, 0, 0]
    wide = LineReading(Reading("上下", 0.9, (0.9, 0.9), (0.2, 0.7)))
    latin = LineReading(read([found.crops[5]])[0])
    for reading, vertical, corner in ((wide, True, (260, 20)), (latin, False, (280, 20))):
        result = assembled(found, [*map(LineReading, read(found.crops[:5])), reading], 0.5, read)
        (line,) = [line for line in result.lines if line.text == reading.reading.text and line.box[0][0] > 250]
        assert (line.vertical, line.box[0]) == (vertical, corner)
