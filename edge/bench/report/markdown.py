"""A report as Markdown, for an issue, a pull request or a README."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edge.bench.judge import VALID
from edge.bench.report.groups import groups
from edge.bench.report.headlines import headlines
from edge.bench.report.judged import Judged
from edge.bench.report.markup import visible
from edge.bench.report.overview import overview, shared
from edge.bench.report.sheets import Sheet, sheets
from edge.bench.report.title import place, subtitle

STEERING = "\\`*_{}[]<>|#~$"
"""Characters that mean something in Markdown wherever they stand; a record's names are only names."""


def markdown(all_of: Sequence[Judged]) -> str:
    """The document, one record after the other, an overview first where there are several."""
    found = groups(all_of)
    blocks = (
        [] if len(all_of) == 1 else [*sheet_lines(overview(found), depth=1), escaped(f"Of all: {shared(found)}."), ""]
    )
    for one in all_of:
        blocks += _record(one, depth=1 if len(all_of) == 1 else 2)
    return "\n".join(blocks)


def _record(one: Judged, depth: int) -> Iterator[str]:
    yield f"{'#' * depth} {escaped(one.done.bundle)} on {escaped(place(one.done))}"
    yield ""
    yield escaped(subtitle(one.done))
    yield ""
    yield f"**{one.judgement.verdict}**"
    yield ""
    for finding in one.judgement.findings:
        level = "note" if finding.level == VALID else finding.level
        yield f"- {level}: {escaped(finding.reason)}; {escaped(finding.remedy)}"
    if one.judgement.findings:
        yield ""
    rows = tuple((line.name, line.value, line.note) for line in headlines(one))
    yield from _table(("figure", "value", ""), rows)
    for sheet in sheets(one):
        yield from sheet_lines(sheet, depth + 1)


def sheet_lines(sheet: Sheet, depth: int) -> Iterator[str]:
    """A heading of that depth and the table below it."""
    yield f"{'#' * depth} {escaped(sheet.title)}"
    yield ""
    yield from _table(sheet.head or ("", ""), sheet.rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (map(escaped, head), ["---"] * len(head), *(map(escaped, row) for row in rows)):
        yield f"| {' | '.join(row)} |"
    yield ""


def escaped(text: str) -> str:
    """The text on one line, as the text that it is."""
    said = visible(" ".join(text.split()))
    return "".join(f"\\{letter}" if letter in STEERING else letter for letter in said)
