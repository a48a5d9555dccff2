"""`python -m benchmarks ocr-batch`, `ocr-single`: all pages as one task, and page by page; about 10 and 25 minutes.

Both sides are warm, have two threads and take turns.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.goals import Row, at_least, at_most
from benchmarks.ocr.bundles import readers
from benchmarks.ocr.truth import truths
from benchmarks.peers.reading import Reading, Who, reading
from edge.bench.statistics.median import FEWEST
from edge.bench.statistics.ratio import paired_ratio

# For each of our bundles: the peer, how many times as fast ours has to be on all pages, and in how many rounds.
BATCH: Mapping[str, Sequence[tuple[str, float, int]]] = {
    "PP-OCRv4": (("rapidocr-v4", 8, 3), ("rapidocr-v4-tuned", 1.5, 5), ("tesseract", 1, 5)),
    "PP-OCRv6 small": (("rapidocr", 8, 3), ("rapidocr-tuned", 1.5, 5), ("tesseract", 1, 5)),
}
SINGLE = {"PP-OCRv4": "rapidocr-v4", "PP-OCRv6 small": "rapidocr"}
LARGE, LARGE_GOAL = 300_000, 1.5


def batch(folder: Path) -> Iterator[Row]:
    """Pages per second over the peer's, on all pages and on those over 0.3 megapixels."""
    pages = truths()
    every = [page.path for page in pages]
    large = [page.path for page in pages if page.pixels > LARGE]
    for weights, who in readers(folder).items():
        for peer, goal, rounds in BATCH[weights]:
            with reading(who) as ours, reading(Who(peer)) as theirs:
                yield _throughput(f"{weights}, {peer}, {len(every)} pages", ours, theirs, every, goal, rounds)
                if peer.startswith("rapidocr"):
                    title = f"{weights}, {peer}, the {len(large)} pages over 0.3 megapixels"
                    yield _throughput(title, ours, theirs, large, LARGE_GOAL, rounds)


def _throughput(title: str, ours: Reading, theirs: Reading, pages: Sequence[Path], goal: float, rounds: int) -> Row:
    """The first reading of each, in which memory is taken and caches fill, does not count."""
    for reader in (ours, theirs):
        reader.read(pages[:4])
    ours.read(pages)
    took = [_turns(ours, theirs, pages, number) for number in range(rounds)]
    faster = [peer / mine for mine, peer in took]
    rates = [statistics.median(len(pages) / side[place] for side in took) for place in (0, 1)]
    row = at_least(f"{title}: times as many pages per second", statistics.median(faster), goal)
    spread = f"{min(faster):.2f} to {max(faster):.2f} in {rounds} rounds, {rates[0]:.2f} against {rates[1]:.2f} pages/s"
    return Row(row.goal, f"{row.value:.2f} ({spread})", row.met, row.value)


def single(folder: Path) -> Iterator[Row]:
    """Seconds for one page over RapidOCR's, for every page."""
    pages = truths()
    for weights, who in readers(folder).items():
        middles = []
        with reading(who) as ours, reading(Who(SINGLE[weights])) as theirs:
            for page in pages:
                row = one_page(f"{weights}, {page.name}", ours, theirs, page.path)
                middles.append(row.value or math.inf)
                yield row
        mean = math.exp(statistics.fmean(map(math.log, middles)))
        yield at_most(f"{weights}, seconds for a page over {SINGLE[weights]}'s, geometric mean", mean, 0.4)


def one_page(title: str, ours: Reading, theirs: Reading, page: Path) -> Row:
    """The ratio on one page; its whole interval must be below 1.05."""
    for reader in (ours, theirs):
        reader.read([page])
    took = [_turns(ours, theirs, [page], number) for number in range(FEWEST)]
    found = paired_ratio(*zip(*took, strict=True))
    mine, peer = (1000 * statistics.median(side[place] for side in took) for place in (0, 1))
    figure = f"{found.middle:.3f} ({found.low:.3f} to {found.high:.3f}, {mine:.0f} against {peer:.0f} ms)"
    return Row(f"{title}: 95% interval of ours over theirs below 1.05", figure, found.high < 1.05, found.middle)


def _turns(ours: Reading, theirs: Reading, pages: Sequence[Path], number: int) -> tuple[float, float]:
    """Seconds of each; which goes first alternates."""
    if number % 2:
        mine = ours.read(pages).seconds
        return mine, theirs.read(pages).seconds
    peer = theirs.read(pages).seconds
    return ours.read(pages).seconds, peer
