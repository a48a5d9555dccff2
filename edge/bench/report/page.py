"""A report as one page of HTML: the verdict with its reasons, the figures, the charts, the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edge.bench.judge.finding import VALID, Finding
from edge.bench.report.document import document
from edge.bench.report.figure import table
from edge.bench.report.figures import figures
from edge.bench.report.groups import Group, groups
from edge.bench.report.headlines import headlines
from edge.bench.report.judged import Judged
from edge.bench.report.markup import Markup, join, tag
from edge.bench.report.overview import overview, overview_figures, shared
from edge.bench.report.sheets import sheets
from edge.bench.report.title import place, subtitle
from edge.bench.report.units import MISSING


def page(all_of: Sequence[Judged]) -> str:
    """The document of one record, or of several with an overview above them; needs one."""
    if len(all_of) == 1:
        title = f"{all_of[0].done.bundle} on {place(all_of[0].done)}"
        return document(title, tag("main", *_record(all_of[0], title)))
    found = groups(all_of)
    sheet = overview(found)
    links = [tag("a", one.key, href=f"#{one.key}") for one in found]
    above = [
        tag("h1", sheet.title),
        tag("p", f"Of all: {shared(found)}.", class_="quiet"),
        tag("nav", tag("p", "Records: ", join(*_between(links, " "))), aria_label="Records"),
        table(sheet.head, sheet.rows, "Overview"),
        tag("h2", "Charts", class_="part"),
        *(figure.markup() for figure in overview_figures(found)),
        tag("h2", "One by one", class_="part"),
        *(_folded(one, number) for one in found for number in range(len(one.runs))),
    ]
    return document(sheet.title, tag("main", *above))


def _folded(group: Group, number: int) -> Markup:
    """A record that opens on demand; the link to what is in it opens it, too."""
    one = group.runs[number]
    key = f"{group.key}, run {number + 1}" if len(group.runs) > 1 else group.key
    title = f"{key}: {one.done.bundle} on {place(one.done)}"
    verdict = tag("span", one.judgement.verdict, class_=f"level {one.judgement.verdict.lower()}")
    summary = tag("summary", verdict, f" {title}, {subtitle(one.done)}")
    record = _record(one, title, key=group.key if number == 0 else None, level=3)
    return tag("details", summary, tag("article", *record), class_="record")


def _record(one: Judged, title: str, key: str | None = None, level: int = 1) -> Iterator[Markup]:
    heading = f"h{level + 1}"
    yield tag("header", tag(f"h{level}", title, id=key), tag("p", subtitle(one.done), class_="quiet"))
    yield _verdict(one, heading)
    yield _headlines(one)
    yield tag(heading, "Charts", class_="part")
    yield from (figure.markup(level + 2) for figure in figures(one))
    yield tag(heading, "Tables", class_="part")
    yield from (table(sheet.head, sheet.rows, sheet.title) for sheet in sheets(one))


def _verdict(one: Judged, heading: str) -> Markup:
    verdict, findings = one.judgement.verdict, one.judgement.findings
    notes = [_finding(one) for one in findings if one.level == VALID]
    faults = [_finding(one) for one in findings if one.level != VALID]
    said = tag("ul", *faults) if faults else tag("p", "No rule of the judge objects to how this was measured.")
    title = f"{len(notes)} note{'s' if len(notes) > 1 else ''}"
    aside = [tag("details", tag("summary", title), tag("ul", *notes))] if notes else []
    word = tag(heading, verdict, class_="word")
    return tag("section", word, said, *aside, class_=f"verdict {verdict.lower()}", aria_label="Verdict")


def _finding(one: Finding) -> Markup:
    level = [tag("span", one.level, class_=f"level {one.level.lower()}"), " "] if one.level != VALID else []
    remedy = tag("span", f"{one.remedy[:1].upper()}{one.remedy[1:]}.", class_="quiet")
    return tag("li", *level, f"{one.reason}. ", remedy)


def _headlines(one: Judged) -> Markup:
    return tag(
        "dl",
        *(
            tag(
                "div",
                tag("dt", line.name),
                tag("dd", line.value, class_="value none" if line.value == MISSING else "value"),
                *([tag("dd", line.note, class_="quiet")] if line.note else []),
            )
            for line in headlines(one)
        ),
        class_="heads",
    )


def _between(parts: Sequence[Markup], space: str) -> Iterator[str]:
    for number, part in enumerate(parts):
        if number:
            yield space
        yield part
