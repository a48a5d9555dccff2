"""The tables of a stage's quantisation, before they are text, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterator

from edge.bench.report.sheets import Sheet
from edge.bench.report.units import MISSING, percent, plain
from edge.cli.printer import mebibytes
from edge.quantisation import Quantisation
from packager.quantise.report.tried import budget, points, ratio, score_title, tried

SHOWN = 40
"""Sensitive places that are listed; the manifest has all."""


def sheets(found: Quantisation) -> Iterator[Sheet]:
    """The candidates first."""
    yield candidates(found)
    yield Sheet("How they were judged", tuple(_facts(found)))
    if found.sensitivities:
        yield sensitivities(found)


def candidates(found: Quantisation) -> Sheet:
    """A row for each, with the reason why it is in the bundle or not."""
    head = ("", "verdict", "engine", "precision", "size", "of fp32", "latency over fp32", "points lost", "how", "why")
    rows = tuple(
        (
            *(one.key, one.record.verdict, one.record.engine, one.record.precision),
            mebibytes(one.record.size) if one.record.size else MISSING,
            percent(one.share, 3),
            ratio(one.latency),
            points(one.drop),
            *(one.how, one.record.reason),
        )
        for one in tried(found)
    )
    return Sheet("Candidates", rows, head)


def sensitivities(found: Quantisation) -> Sheet:
    """The places where int8 alone costs most."""
    rows = tuple(
        (str(number), f"{one.error:.3g}", ", ".join(one.nodes))
        for number, one in enumerate(found.sensitivities[:SHOWN], 1)
    )
    left = len(found.sensitivities) - SHOWN
    return Sheet(f"Sensitivity{f', {left} more are less' if left > 0 else ''}", rows, ("", "error", "nodes"))


def _facts(found: Quantisation) -> Iterator[tuple[str, str]]:
    yield "asked for", f"{found.precision}, at most {budget(found)} lost"
    yield "target", found.target
    yield "latency measured on", found.measured_on or MISSING
    if found.calibration is None:
        yield "calibration", "none"
    else:
        yield "points are of", score_title(found)
        yield "fp32 has", f"{plain(found.calibration.fp32)} points"
        yield "ranges from", f"{found.calibration.inputs} inputs"
        yield "judged on", f"{found.calibration.held_out} others"
        yield "SHA-256 of all", found.calibration.digest
    for reason in found.not_run:
        yield "not run here", reason
