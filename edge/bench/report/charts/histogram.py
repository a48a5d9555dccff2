"""How latencies are distributed: a histogram with the median and other percentiles marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from edge.bench.report.charts.axis import label, linear
from edge.bench.report.charts.frame import LETTER, TITLE, Frame, box, line, svg, words
from edge.bench.report.markup import Markup
from edge.bench.report.units import plain

HEIGHT = 240.0
FEWEST_BINS, MOST_BINS = 25, 60
"""Two humps far apart make the rule below choose bars that are too wide to show them."""


def histogram(samples: Sequence[float], marks: Mapping[str, float], width: float, says: str) -> Markup:
    """Of samples in milliseconds, at least one; `marks` are values with their names.

    What lies far out would press all others into one bar: it is counted at the right end, and said in words.
    """
    values = np.asarray(samples, dtype=np.float64)
    end = fence(values)
    counts, edges = bins(values[values <= end])
    x = linear("latency (ms)", [*edges.tolist(), *(v for v in marks.values() if v <= end)], ticks=5)
    y = linear("queries", [0.0, float(counts.max())], ticks=4)
    frame = Frame(width, HEIGHT, x, y, head=TITLE + 16)
    beyond = values[values > end]
    return svg(
        width,
        HEIGHT,
        says,
        frame.draw(*_bars(frame, counts, edges), *_marks(frame, marks), *_beyond(frame, beyond)),
        class_="chart",
    )


def fence(values: NDArray[np.float64]) -> float:
    """Where the histogram ends: Tukey's far fence (third quartile plus three interquartile ranges), or the largest."""
    low, high = np.percentile(values, [25, 75])
    spread = max(high - low, 0.01 * high)
    return float(min(values.max(), high + 3 * spread))


def bins(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Counts and edges, as wide as Freedman and Diaconis advise (1981), at most MOST_BINS."""
    low, high = float(values.min()), float(values.max())
    if high - low <= 1e-9 * high:
        low, high = low * 0.95, high * 1.05 + 1e-9
    quarter, rest = np.percentile(values, [25, 75])
    wide = 2 * (rest - quarter) / len(values) ** (1 / 3)
    count = (
        MOST_BINS
        if wide <= 0
        else int(np.clip(np.ceil((high - low) / wide), min(np.sqrt(len(values)), FEWEST_BINS), MOST_BINS))
    )
    return np.histogram(values, bins=count, range=(low, high))


def _bars(frame: Frame, counts: NDArray[np.int64], edges: NDArray[np.float64]) -> Iterator[Markup]:
    step = float(edges[1] - edges[0])
    for count, low in zip(counts.tolist(), edges[:-1].tolist(), strict=True):
        if count:
            left, right = frame.across(low), frame.across(low + step)
            says = f"{label(low, step)} to {label(low + step, step)} ms: {count}"
            yield box(left + 0.5, frame.down(count), right - 0.5, frame.bottom, class_="bar", says=says)


def _marks(frame: Frame, marks: Mapping[str, float]) -> Iterator[Markup]:
    top, taken = frame.down(frame.y.high), -1e9  # the first name always has room
    for name, value in sorted(marks.items(), key=lambda mark: mark[1]):
        if value <= frame.x.high:
            at = frame.across(value)
            yield line(at, top, at, frame.bottom, class_="mark")
            if at - taken > LETTER * len(name) + 4:
                yield words(at, top - 5, name, class_="strong", text_anchor="middle")
                taken = at


def _beyond(frame: Frame, beyond: NDArray[np.float64]) -> Iterator[Markup]:
    if len(beyond):
        said = f"{len(beyond)} beyond, up to {plain(float(beyond.max()), 3)} ms \N{RIGHTWARDS ARROW}"
        yield words(frame.right, frame.top + 10, said, text_anchor="end", class_="strong")
