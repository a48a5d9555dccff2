"""The tail: latency by percentile, on an axis that gives every nine as much room as the one before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edge.bench.report.charts.axis import Axis, linear
from edge.bench.report.charts.frame import Frame, dots, path, svg
from edge.bench.report.markup import Markup

HEIGHT = 220.0
POINTS = 150
"""Steps of the curve; more could not be told apart."""

NINES = (0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)
BETWEEN = (0.95, 0.995, 0.9995)
"""Ticks; those between have room on a wide chart only."""

ROOMY = 500.0


def percentile_curve(samples: Sequence[float], supported: float, width: float, says: str) -> Markup:
    """Of samples in milliseconds, at least two.

    `supported` is the largest percentile, from 0 to 1, that there are samples enough for: beyond it the curve is
    only what was seen, and is drawn dashed.
    """
    ordered = np.sort(np.asarray(samples, dtype=np.float64))
    last = 1 - 1 / len(ordered)
    shares = sorted((*NINES, *(BETWEEN if width > ROOMY else ())))
    ticks = tuple((rarity(share), f"{share * 100:g}") for share in shares if share <= max(last, 0.5))
    x = Axis("percentile", 1.0, max(rarity(last), 2.0), ticks, log=True)
    frame = Frame(width, HEIGHT, x, linear("latency (ms)", ordered.tolist()))
    rarities = np.exp(np.linspace(0.0, np.log(x.high), POINTS))
    values = np.quantile(ordered, 1 - 1 / rarities)
    points = [(frame.across(r), frame.down(v)) for r, v in zip(rarities.tolist(), values.tolist(), strict=True)]
    firm = int(np.searchsorted(rarities, rarity(min(supported, last)), side="right"))
    marks = [path(points[max(firm - 1, 0) :], class_="line dashed")] if firm < len(points) else []
    if firm > 1:
        marks.append(path(points[:firm], class_="line"))
    largest = dots([points[-1]], class_="second")
    return svg(width, HEIGHT, says, frame.draw(*marks, largest), class_="chart")


def rarity(share: float) -> float:
    """One in how many queries takes longer: 10 for the 90th percentile."""
    return 1 / (1 - share)
