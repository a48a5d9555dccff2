"""The charts of a stage's quantisation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edge.bench.report.charts.bars import bars
from edge.bench.report.charts.scatter import Point, pareto_front, scatter
from edge.bench.report.charts.whiskers import whiskers
from edge.bench.report.figure import Figure
from edge.quantisation import Interval, Quantisation, SensitivityRecord
from packager.quantise.report.tried import FP32, Tried, budget, points, ratio, score_title, tried

LATENCY = "latency over fp32"
SHOWN = 12
"""Bars of sensitivity."""

LONGEST = 14
"""Letters of a name that a bar has room for."""


@dataclass(frozen=True)
class Placed:
    """A candidate whose latency is known."""

    one: Tried
    latency: Interval
    drop: Interval | None


def figures(found: Quantisation) -> Iterator[Figure]:
    """Those that what was measured is enough for."""
    placed = [Placed(one, one.latency, one.drop) for one in tried(found) if one.latency is not None]
    if any(one.one.record.precision != FP32 for one in placed):
        yield _latencies(placed)
        judged = [one for one in placed if one.drop is not None]
        if len(judged) > 1:
            yield _trade(judged, found)
    if found.sensitivities:
        yield _sensitivity(found.sensitivities)


def _latencies(placed: Sequence[Placed]) -> Figure:
    drawn = [_point(one) for one in placed]
    faster = [point.name for point in drawn if point.high < 1]
    surely = f"{', '.join(faster) or 'None'} {'are' if len(faster) > 1 else 'is'} surely faster than fp32"
    says = f"{surely}. 1 is as long as fp32 takes in the same engine; lines are 95% intervals."
    rows = [(one.one.key, one.one.title, one.one.how, ratio(one.latency)) for one in placed]
    return Figure(
        "Latency",
        says,
        lambda width, words: whiskers(drawn, width, words, LATENCY),
        ("", "candidate", "how", LATENCY),
        rows,
    )


def _trade(placed: Sequence[Placed], found: Quantisation) -> Figure:
    drawn = [_point(one) for one in placed]
    front = pareto_front(drawn, more_is_better=False)
    within = sum(one.drop is not None and one.drop.value <= found.max_drop for one in placed)
    says = (
        f"{within} of {len(placed)} lose at most {budget(found)} of {score_title(found)}. "
        f"None is both faster and nearer to fp32 than {', '.join(point.name for point in front)}; others are grey."
    )
    rows = [
        (one.one.key, one.one.title, ratio(one.latency), points(one.drop), "no" if point in front else "yes")
        for one, point in zip(placed, drawn, strict=True)
    ]
    return Figure(
        "Points lost against latency",
        says,
        lambda width, words: scatter(drawn, "points lost", width, words, more_is_better=False, x_title=LATENCY),
        ("", "candidate", LATENCY, "points lost", "beaten"),
        rows,
    )


def _sensitivity(all_of: Sequence[SensitivityRecord]) -> Figure:
    worst = all_of[:SHOWN]
    drawn = [
        (f"{number} {_short(one.nodes)}", max(one.error, 0.0), f"{one.error:.3g}")
        for number, one in enumerate(worst, 1)
    ]
    says = (
        f"The error of the outputs, relative to their size, where nothing but these nodes is int8: "
        f"the {len(worst)} worst of {len(all_of)}."
    )
    return Figure("Sensitivity", says, lambda width, words: bars(drawn, width, words))


def _point(placed: Placed) -> Point:
    across, up = placed.latency, placed.drop or Interval(value=0.0, low=0.0, high=0.0)
    return Point(placed.one.key, across.value, up.value, across.low, across.high, up.low, up.high)


def _short(nodes: Sequence[str]) -> str:
    """The end of the first name, where names differ."""
    name = nodes[0] if nodes else ""
    room = LONGEST - 3
    return name if len(name) <= room else f"…{name[1 - room :]}"
