"""The charts of scenarios that look for something of their own: growing memory, the rate that a server holds."""

from __future__ import annotations

import numpy as np

from edge.bench.growth import MOST_POINTS, Growth, growth_per_hundred
from edge.bench.report.charts.axis import linear
from edge.bench.report.charts.curve import curve
from edge.bench.report.figure import Figure
from edge.bench.report.units import mebibytes, milliseconds, percent, plain
from edge.bench.server_load import Server
from edge.bench.statistics.early_stopping import CONFIDENCE


def memory(growth: Growth, batch: int) -> Figure:
    """Resident memory from query to query, thinned out to MOST_POINTS."""
    count = len(growth.resident) - 1
    shown = np.unique(np.linspace(0, count, MOST_POINTS).round().astype(int)).tolist()
    points = [(float(place), growth.resident[place] / (1 << 20)) for place in shown]
    slope = growth_per_hundred(growth, batch)
    grows = (
        "queries are too few to tell a slope"
        if slope is None
        else f"{mebibytes(slope)} per 100 inputs of the second half"
    )
    says = (
        f"From {mebibytes(growth.resident[0])} to {mebibytes(growth.resident[-1])} over {count} queries, "
        f"{growth.varied} of them different; {grows}."
    )
    x, y = linear("queries", [0, max(count, 1)]), linear("resident memory (MiB)", [size for _, size in points])
    return Figure("Memory over queries", says, lambda width, words: curve(x, y, points, width, words, bound=None))


def rates(server: Server) -> Figure:
    """The rates of the search: the share of queries over the bound, and which of them held."""
    tried = sorted(server.probes, key=lambda probe: probe.rate)
    points = [(probe.rate, 100 * probe.over / max(probe.queries, 1)) for probe in tried]
    allowed = 100 * (1 - server.percentile)
    x = linear("queries per second", [0.0, *(rate for rate, _ in points)])
    y = linear("queries over the bound (%)", [0.0, allowed, *(over for _, over in points)])
    held = [probe.rate for probe in tried if probe.holds]
    says = (
        f"The bound is {milliseconds(server.bound)} for {percent(server.percentile)} of queries, "
        f"at {percent(CONFIDENCE)} confidence; "
        + (f"the highest rate that held is {plain(max(held))} a second." if held else "no rate held.")
    )
    return Figure(
        "Rates that were tried",
        says,
        lambda width, words: curve(x, y, points, width, words, bound=(f"allowed {plain(allowed, 2)}%", allowed)),
        ("rate (1/s)", "queries", "over the bound", "holds"),
        [(plain(p.rate), str(p.queries), str(p.over), "yes" if p.holds else "no") for p in tried],
    )
