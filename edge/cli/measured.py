"""A measurement in the terminal: lines of text, the verdict last, where a reader's eye rests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edge.bench.judge import VALID
from edge.bench.report.groups import groups
from edge.bench.report.headlines import headlines
from edge.bench.report.judged import Judged
from edge.bench.report.overview import overview, shared
from edge.bench.report.sheets import latencies
from edge.bench.report.time_spent import PHASES
from edge.bench.report.title import place, subtitle
from edge.bench.report.units import milliseconds
from edge.cli.printer import table


def lines(one: Judged) -> Iterator[str]:
    """What was measured, the figures, the verdict with its reasons and remedies."""
    done = one.done
    yield f"{done.bundle} on {place(done)}"
    yield f"  {subtitle(done)}"
    phases = ", ".join(
        f"{said} {milliseconds(getattr(done.phases, name), unit=False)}" for name, said in PHASES.items()
    )
    yield from table(
        [("cold start", milliseconds(done.phases.cold_start), phases)]
        + [(line.name, line.value, line.note) for line in headlines(one)],
        indent=2,
    )
    sheet = latencies(one)
    yield from table([sheet.head, *sheet.rows], indent=2)
    yield from verdict(one)


def overview_lines(all_of: Sequence[Judged]) -> Iterator[str]:
    """Several records as a table, a row for runs of one thing; what is the same for all below it."""
    found = groups(all_of)
    sheet = overview(found)
    yield sheet.title
    yield from table([sheet.head, *sheet.rows], indent=2)
    yield f"of all: {shared(found)}"


def verdict(one: Judged) -> Iterator[str]:
    """The word, and below it a line for each finding, with what would help."""
    yield one.judgement.verdict
    for finding in one.judgement.findings:
        level = "note" if finding.level == VALID else finding.level
        yield f"  {level}: {finding.reason}; {finding.remedy}"
