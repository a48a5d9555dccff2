"""Formats without mark-up: JSON, text, and a table of words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from edge.formats.reading import Reading
from edge.formats.words import paragraphs, plain, upright, words
from edge.results import Line, Page, Point

COLUMNS = [
    *("level", "page_num", "block_num", "par_num", "line_num", "word_num"),
    *("left", "top", "width", "height", "conf", "text"),
]
PAGE, BLOCK, PARAGRAPH, LINE, WORD = 1, 2, 3, 4, 5


def write_json(reading: Reading, file: BinaryIO) -> None:
    """One JSON object on one line: the input's name and its pages with every line's text, score, box and places."""
    said = {"input": reading.name, **reading.document.to_json()}
    said.pop("timings")
    file.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")


def write_text(reading: Reading, file: BinaryIO) -> None:
    """A line for each line in reading order, an empty line between two pages."""
    pages = ("\n".join(plain(line.text) for line in page.lines) for page in reading.document.pages)
    file.write(("\n\n".join(pages) + "\n").encode())


def write_tsv(reading: Reading, file: BinaryIO) -> None:
    """Tesseract's table: a row for each page, block, paragraph, line and word.

    A paragraph is a block of its own. Boxes are in pixels, upright; `conf` is in percent, -1 where there is no text.
    """
    rows = [COLUMNS]
    for number, page in enumerate(reading.document.pages, 1):
        rows.extend(_page(number, page))
    file.write("".join("\t".join(row) + "\n" for row in rows).encode())


def _page(number: int, page: Page) -> Iterator[list[str]]:
    whole: Sequence[Point] = ((0, 0), (page.width, page.height))
    yield _row(PAGE, (number, 0, 0, 0, 0), whole, page)
    for block, lines in enumerate(paragraphs(page), 1):
        around = [corner for line in lines for corner in line.box]
        yield _row(BLOCK, (number, block, 0, 0, 0), around, page)
        yield _row(PARAGRAPH, (number, block, 1, 0, 0), around, page)
        for count, line in enumerate(lines, 1):
            yield from _line((number, block, 1, count), line, page)


def _line(place: tuple[int, int, int, int], line: Line, page: Page) -> Iterator[list[str]]:
    yield _row(LINE, (*place, 0), line.box, page)
    for count, word in enumerate(words(line), 1):
        yield _row(WORD, (*place, count), word.box, page, f"{word.score * 100:.2f}", word.text)


def _row(
    level: int, place: tuple[int, ...], points: Sequence[Point], page: Page, score: str = "-1", text: str = ""
) -> list[str]:
    left, top, right, bottom = upright(points, page)
    return [str(level), *map(str, place), str(left), str(top), str(right - left), str(bottom - top), score, text]
