"""The reader: files in, documents out, with several pages on their way at once.

The calling thread decodes pages. A worker finds the lines of a page; all workers read the lines of the pages of a
batch. While one batch is read, the lines of the next are found and the pages after those decoded: no worker is idle
while another reads the last line. Every worker runs the networks in its own thread: there are as many as threads were
asked for.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, TypeVar, final

from edge.bundle import Bundle
from edge.engines import Session
from edge.errors import InputError
from edge.manifest import Artifact
from edge.model import Model, check_batch
from edge.preprocess.pages import pages
from edge.results import Document, Page, Timings
from edge.tasks.ocr.assemble import assembled
from edge.tasks.ocr.finder import Finder, Found, Read
from edge.tasks.ocr.lines_of_pages import LinesOfPages, PageLines
from edge.tasks.ocr.opencv import Pixels

PIXELS_AT_ONCE = 8_000_000
MOST_WAITING = 4
"""While pages with more pixels than this, or more pages, wait for their lines to be found, no other is decoded."""


@dataclass(frozen=True, eq=False)
class Networks:
    """`sessions` begins with the detector's, which `finder` has; those of `lines` follow."""

    finder: Finder
    lines: LinesOfPages
    least_score: float
    sessions: Sequence[Session]


_Timed = tuple[Found, float]
Lines = Callable[[], list[PageLines]]
T = TypeVar("T")
Find = Callable[[Pixels], "Future[_Timed]"]


@dataclass(frozen=True, eq=False)
class _Sheet:
    """A page on its way: its lines with the seconds that finding them took, and those of decoding."""

    found: Future[_Timed]
    decode: float


@dataclass(frozen=True)
class _End:
    """No more pages of an input, maybe since the next is damaged."""

    error: InputError | None = None


@final
class Reader(Model):
    """Reads pages; made by `edge.load` for bundles whose task is `ocr`."""

    kind = "page"
    batches = True

    def __init__(
        self,
        bundle: Bundle,
        artifact: Artifact,
        networks: Networks,
        workers: ThreadPoolExecutor,
        threads: int,
        max_pixels: int | None = None,
    ) -> None:
        """`artifact` and the first session are the detector's; `max_pixels` bounds a page (None: as memory allows).

        `threads` are those of all workers and of the engine under each.
        """
        super().__init__(bundle, artifact, networks.sessions[0])
        self._threads = threads
        self._networks, self._workers, self._max_pixels = networks, workers, max_pixels
        self._waiting: deque[tuple[Future[_Timed], int]] = deque()

    def outcomes(self, inputs: Iterable[Any], batch_size: int = 1) -> Iterator[Document | InputError]:
        """For every input, in order, its document or the reason why there is none.

        `batch_size` counts pages: the lines of so many are read together, while the next are decoded.
        """
        check_batch(batch_size)
        sheets = self._sheets(inputs, self._alone if batch_size == 1 else self._beside)
        batches = _batches(sheets, batch_size)
        # The lines of a batch wait for workers before those of the last are done, and so do the next one's pages.
        ahead: Callable[[Iterable[T]], Iterable[T]] = iter if batch_size == 1 else _ahead
        done: list[tuple[Page, Timings]] = []
        for batch, lines in ahead(self._begun(batch) for batch in ahead(batches)):
            results = iter(self._finished(batch, lines))
            for one in batch:
                if isinstance(one, _Sheet):
                    done.append(next(results))
                else:
                    yield one.error or _document(done)
                    done = []

    @property
    def threads(self) -> int:
        """Those of the workers, and of the engine under each."""
        return self._threads

    def close(self) -> None:
        """Free the engine; closing twice is fine."""
        self._workers.shutdown(cancel_futures=True)
        for session in self._networks.sessions:
            session.close()

    def _sheets(self, inputs: Iterable[Any], find: Find) -> Iterator[_Sheet | _End]:
        for given in inputs:
            start = time.perf_counter()
            try:
                for picture in pages(given, max_pixels=self._max_pixels):
                    pixels = picture.array()
                    del picture  # a large page is not kept twice while its lines are found
                    seconds = time.perf_counter() - start
                    sheet = _Sheet(find(pixels), seconds)
                    del pixels
                    yield sheet
                    start = time.perf_counter()
            except InputError as error:
                yield _End(error)
            else:
                yield _End()

    def _alone(self, page: Pixels) -> Future[_Timed]:
        found: Future[_Timed] = Future()
        found.set_result(self._timed(page, self._networks.lines.beside))
        return found

    def _beside(self, page: Pixels) -> Future[_Timed]:
        found = self._workers.submit(self._timed, page, self._networks.lines.quick)
        self._waiting.append((found, page.shape[0] * page.shape[1]))
        while sum(pixels for _, pixels in self._waiting) > PIXELS_AT_ONCE or len(self._waiting) > MOST_WAITING:
            wait([self._waiting.popleft()[0]])
        return found

    def _timed(self, page: Pixels, read: Read) -> _Timed:
        start = time.perf_counter()
        found = self._networks.finder(page, read, self._networks.lines.over)
        return found, time.perf_counter() - start

    def _begun(self, batch: list[_Sheet | _End]) -> tuple[list[_Sheet | _End], Lines]:
        found = [one.found.result()[0] for one in batch if isinstance(one, _Sheet)]
        return batch, self._networks.lines.begin(found)

    def _finished(self, batch: Sequence[_Sheet | _End], lines: Lines) -> Iterator[tuple[Page, Timings]]:
        sheets = [one for one in batch if isinstance(one, _Sheet)]
        for sheet, read in zip(sheets, lines(), strict=True):
            page, seconds = sheet.found.result()
            start = time.perf_counter()
            done = assembled(page, read.readings, self._networks.least_score, self._networks.lines.quick)
            yield (
                done,
                Timings(
                    decode=sheet.decode,
                    engine=seconds + read.seconds,
                    postprocess=time.perf_counter() - start,
                ),
            )


def _batches(sheets: Iterable[_Sheet | _End], size: int) -> Iterator[list[_Sheet | _End]]:
    """As many pages at a time, with the ends of the inputs that they complete."""
    batch: list[_Sheet | _End] = []
    count = 0
    for one in sheets:
        if isinstance(one, _Sheet):
            if count == size:
                yield batch
                batch, count = [], 0
            count += 1
        batch.append(one)
        if size == 1 and isinstance(one, _End):
            yield batch
            batch, count = [], 0
    yield batch


def _ahead(values: Iterable[T]) -> Iterator[T]:
    """Each when the next one is under way."""
    values = iter(values)
    before = next(values, None)
    if before is None:
        return
    for value in values:
        yield before
        before = value
    yield before


def _document(done: Sequence[tuple[Page, Timings]]) -> Document:
    timings = Timings(**{name: sum(vars(one)[name] for _, one in done) for name in vars(Timings())})
    return Document(tuple(page for page, _ in done), timings)
