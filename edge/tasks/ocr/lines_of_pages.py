"""The lines of several pages are read together, by all workers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from edge.tasks.ocr.ctc import Reading
from edge.tasks.ocr.finder import Found
from edge.tasks.ocr.line_reader import LineReader, LineReading
from edge.tasks.ocr.opencv import Pixels

Plan = Callable[[Sequence[Pixels]], Sequence[Sequence[int]]]
"""Which pictures of lines one worker reads at a time, what takes long first."""


@dataclass(frozen=True)
class PageLines:
    """A reading for each line of a page, and the seconds that workers took for them."""

    readings: list[LineReading]
    seconds: float


class LinesOfPages:
    """Shares lines out to workers; each has a reader of its own, whose networks are the same."""

    def __init__(self, workers: Executor, open_reader: Callable[[], LineReader], plan: Plan) -> None:
        self._workers, self._open_reader, self._plan, self._own = workers, open_reader, plan, threading.local()

    def begin(self, pages: Sequence[Found]) -> Callable[[], list[PageLines]]:
        """Have the lines of pages read; what is returned waits for them and gives those of each page."""
        readings = [{number: LineReading(one) for number, one in page.known.items()} for page in pages]
        lines = [
            (index, number)
            for index, page in enumerate(pages)
            for number in range(len(page.crops))
            if number not in page.known
        ]
        pictures = [pages[index].crops[number] for index, number in lines]
        shares = self._plan(pictures)
        begun = [self._workers.submit(self._read, [pictures[line] for line in share]) for share in shares]

        def finish() -> list[PageLines]:
            seconds = [0.0] * len(pages)
            for share, one in zip(shares, begun, strict=True):
                read, took = one.result()
                for line, reading in zip(share, read, strict=True):
                    index, number = lines[line]
                    readings[index][number] = reading
                    seconds[index] += took / len(share)
            return [
                PageLines([found[number] for number in range(len(page.crops))], took)
                for page, found, took in zip(pages, readings, seconds, strict=True)
            ]

        return finish

    def quick(self, pictures: Sequence[Pixels]) -> list[Reading]:
        """Readings as the lines are, by the calling thread."""
        return self._reader().as_they_are(pictures)

    def beside(self, pictures: Sequence[Pixels]) -> list[Reading]:
        """The same by all workers, for a thread that is none of them."""
        return [one for (one,) in self._workers.map(self.quick, [[picture] for picture in pictures])]

    def over(self, pictures: Sequence[Pixels]) -> bool:
        """Whether most lines are upside down, as the calling thread guesses without reading them."""
        return self._reader().over(pictures)

    def _read(self, lines: Sequence[Pixels]) -> tuple[list[LineReading], float]:
        start = time.perf_counter()
        return self._reader()(lines), time.perf_counter() - start

    def _reader(self) -> LineReader:
        if not hasattr(self._own, "reader"):
            self._own.reader = self._open_reader()
        reader: LineReader = self._own.reader
        return reader
