"""The lines of several pages are read together, by all workers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from edge.tasks.ocr.ctc import Reading
from edge.tasks.ocr.finder import Found
from edge.tasks.ocr.line_reader import LineReader, LineReading
from edge.tasks.ocr.opencv import Pixels

ROOM = 24.0
"""What one worker reads at a time: width over height of all lines together, about a tenth of a second."""


@dataclass(frozen=True, eq=False)
class _Line:
    page: int
    number: int
    picture: Pixels

    @property
    def shape(self) -> float:
        """Width over height."""
        return float(self.picture.shape[1] / self.picture.shape[0])


class LinesOfPages:
    """Shares lines out to workers; each has a reader of its own, whose networks are the same."""

    def __init__(self, workers: Executor, open_reader: Callable[[], LineReader]) -> None:
        self._workers, self._open_reader, self._own = workers, open_reader, threading.local()

    def __call__(self, pages: Sequence[Found]) -> list[list[LineReading]]:
        """For each page, a reading for each of its lines."""
        readings = [{number: LineReading(one) for number, one in page.known.items()} for page in pages]
        lines = [
            _Line(index, number, picture)
            for index, page in enumerate(pages)
            for number, picture in enumerate(page.crops)
            if number not in page.known
        ]
        shares = list(_shares(lines))
        for share, read in zip(shares, self._workers.map(self._read, shares), strict=True):
            for line, reading in zip(share, read, strict=True):
                readings[line.page][line.number] = reading
        return [
            [found[number] for number in range(len(page.crops))] for page, found in zip(pages, readings, strict=True)
        ]

    def quick(self, pictures: Sequence[Pixels]) -> list[Reading]:
        """Readings as the lines are, by the calling thread."""
        return self._reader().as_they_are(pictures)

    def beside(self, pictures: Sequence[Pixels]) -> list[Reading]:
        """The same by all workers, for a thread that is none of them."""
        return [one for (one,) in self._workers.map(self.quick, [[picture] for picture in pictures])]

    def over(self, pictures: Sequence[Pixels]) -> bool:
        """Whether most lines are upside down, as the calling thread guesses without reading them."""
        return self._reader().over(pictures)

    def _read(self, lines: Sequence[_Line]) -> list[LineReading]:
        return self._reader()([line.picture for line in lines])

    def _reader(self) -> LineReader:
        if not hasattr(self._own, "reader"):
            self._own.reader = self._open_reader()
        reader: LineReader = self._own.reader
        return reader


def _shares(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Lines of about the same width together, wide ones first: what takes long is begun early."""
    share: list[_Line] = []
    room = ROOM
    for line in sorted(lines, key=lambda line: -line.shape):
        if share and line.shape > room:
            yield share
            share, room = [], ROOM
        share.append(line)
        room -= line.shape
    if share:
        yield share
