"""What happened over time: charts above one another with one axis of seconds, so that causes stand under effects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.bench.report.charts.axis import Axis, linear
from edge.bench.report.charts.frame import Frame, box, dots, path, svg, words
from edge.bench.report.markup import Markup

STRIP = 136.0
"""Pixels of height of each chart."""

MOST_DOTS = 1500
"""Samples up to which each is a dot; above, every few pixels show the range and the median of theirs."""

COLUMN = 3.0
LINES = ("line", "line second", "line third", "line fourth")


@dataclass(frozen=True)
class Track:
    """One chart: its vertical axis' title, and series of (seconds, values).

    `scattered` ones are samples, not lines. The axis begins at 0 where `zero` is asked for.
    """

    title: str
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]]
    scattered: bool = False
    shaded: tuple[tuple[float, float], ...] = ()
    zero: bool = False


def timeline(tracks: Sequence[Track], seconds: float, width: float, says: str) -> Markup:
    """All tracks over 0 to `seconds`; `shaded` spans are drawn behind a track's values."""
    height = STRIP * len(tracks) + 22.0
    time = linear("time in the steady phase (s)", [0.0, seconds])
    # The axis ends with the measurement: room on its right would look like time in which nothing happened.
    x = Axis(time.title, 0.0, seconds, tuple(tick for tick in time.ticks if tick[0] <= seconds * (1 + 1e-9)))
    drawn: list[Markup] = []
    for place, track in enumerate(tracks):
        last = place == len(tracks) - 1
        values = [value for _, series in track.series.values() for value in series]
        y = linear(track.title, values, ticks=4, zero=track.zero)
        frame = Frame(width, STRIP + (22.0 if last else 0.0), x, y, top=STRIP * place, bottom_ticks=last)
        drawn.append(frame.draw(*_shades(frame, track), *_values(frame, track)))
    return svg(width, height, says, *drawn, class_="chart")


def _shades(frame: Frame, track: Track) -> Iterator[Markup]:
    for start, end in track.shaded:
        left, right = frame.across(start), frame.across(end)
        yield box(left, frame.down(frame.y.high), max(right, left + 2), frame.bottom, class_="shade")


def _values(frame: Frame, track: Track) -> Iterator[Markup]:
    name_at = 7.0 * len(track.title) + 14
    for (name, (times, values)), style in zip(track.series.items(), LINES, strict=False):
        if track.scattered:
            yield from _scattered(frame, np.asarray(times, np.float64), np.asarray(values, np.float64))
        else:
            points = [(frame.across(at), frame.down(value)) for at, value in zip(times, values, strict=True)]
            yield path(points, class_=style) if len(points) > 1 else dots(points, class_=style.removeprefix("line"))
        if len(track.series) > 1:
            yield words(name_at, frame.top + 10, name, class_=style.replace("line", "name"))
            name_at += 7.0 * len(name) + 14


def _scattered(frame: Frame, times: NDArray[np.float64], values: NDArray[np.float64]) -> Iterator[Markup]:
    if len(times) <= MOST_DOTS:
        points = zip(times.tolist(), values.tolist(), strict=True)
        yield dots([(frame.across(at), frame.down(value)) for at, value in points], class_="sample")
        return
    columns = max(int((frame.right - frame.left) / COLUMN), 1)
    place = np.minimum((times / frame.x.high * columns).astype(np.int64), columns - 1)
    order = np.argsort(place, kind="stable")
    used, starts = np.unique(place[order], return_index=True)
    middles = []
    for column, inside in zip(used.tolist(), np.split(values[order], starts[1:]), strict=True):
        at = frame.left + (column + 0.5) * COLUMN
        ends = [(at, frame.down(float(end))) for end in (inside.min(), inside.max())]
        yield path(ends, class_="range")
        middles.append((at, frame.down(float(np.median(inside)))))
    yield path(middles, class_="line")
