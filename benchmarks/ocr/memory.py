"""`python -m benchmarks ocr-memory`: peak, growth, cold start. About eight minutes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.goals import Row, at_most
from benchmarks.ocr.bundles import readers
from benchmarks.ocr.made import mixed
from benchmarks.ocr.speed import SINGLE
from benchmarks.ocr.truth import truths
from benchmarks.peers.reading import Who, reading
from edge.bench.statistics.median import FEWEST
from edge.bench.statistics.ratio import paired_ratio

MEBI = 1 << 20
PICTURES, AT_ONCE, SETTLED = 1000, 20, 100
PAGE = "phototest.png"


def rows(folder: Path) -> Iterator[Row]:
    """Against RapidOCR with the same weights."""
    pages = truths()
    every = [page.path for page in pages]
    page = next(path for path in every if path.name == PAGE)
    for weights, who in readers(folder).items():
        peer = Who(SINGLE[weights])
        mine, theirs = _peak(who, every), _peak(peer, every)
        row = at_most(f"{weights}, peak memory over {peer.name}'s on all pages", mine / theirs, 0.33)
        yield Row(row.goal, f"{row.figure} ({mine / MEBI:.0f} against {theirs / MEBI:.0f} MiB)", row.met, row.value)
        yield _cold_start(weights, who, peer, page)
    made = mixed(pages, PICTURES, folder / "mixed")
    for weights, who in readers(folder).items():
        yield _growth(weights, who, made)


def _peak(who: Who, pages: Sequence[Path]) -> int:
    with reading(who) as reader:
        return reader.read(pages).peak


def _cold_start(weights: str, who: Who, peer: Who, page: Path) -> Row:
    """From the start of the process to the text of a page, files in the cache."""
    both = (who, peer)
    for one in both:
        _first_page(one, page)
    took: dict[Who, list[float]] = {who: [], peer: []}
    for number in range(FEWEST):
        for one in both if number % 2 else reversed(both):
            took[one].append(_first_page(one, page))
    found = paired_ratio(took[who], took[peer])
    middles = [statistics.median(took[one]) for one in both]
    figure = f"{found.middle:.3f} ({found.low:.3f} to {found.high:.3f}, {middles[0]:.2f} against {middles[1]:.2f} s)"
    goal = f"{weights}, cold start to the first page over {peer.name}'s <= 0.7"
    return Row(goal, figure, found.middle <= 0.7, found.middle)


def _first_page(who: Who, page: Path) -> float:
    start = time.perf_counter()
    with reading(who) as reader:
        reader.read([page])
        return time.perf_counter() - start


def _growth(weights: str, who: Who, pictures: Sequence[Path]) -> Row:
    """The most that is resident in the last hundred pictures, over the most in the first hundred that count."""
    batches = [pictures[start : start + AT_ONCE] for start in range(0, len(pictures), AT_ONCE)]
    with reading(who) as reader:
        resident = [reader.read(batch).resident / MEBI for batch in batches]
    block = SETTLED // AT_ONCE
    first, last = max(resident[block : 2 * block]), max(resident[-block:])
    per_hundred = (last - first) / ((len(resident) - 2 * block) / block)
    row = at_most(f"{weights}, growth per 100 pictures of mixed sizes, after 100 of {PICTURES}", per_hundred, 1, " MiB")
    return Row(row.goal, f"{row.figure} ({first:.0f} to {last:.0f} MiB)", row.met, row.value)
