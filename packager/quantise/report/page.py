"""The card of a bundle as one page of HTML, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

from edge.bench.report.document import document
from edge.bench.report.figure import table
from edge.bench.report.markup import Markup, tag
from edge.bench.report.units import MISSING, percent, plain
from edge.manifest import Manifest, Stage
from edge.quantisation import Quantisation
from packager.quantise.report.figures import figures
from packager.quantise.report.sheets import sheets
from packager.quantise.report.tried import FP32, Tried, budget, chosen, ends, faster, tried


def page(manifest: Manifest) -> str:
    """A part for each stage that has something to say of quantisation."""
    title = f"Quantisation of {manifest.name}"
    quantised = [stage for stage in manifest.stages if stage.quantisation is not None]
    about = f"{manifest.task}, serial {manifest.serial}, stages: {', '.join(stage.name for stage in quantised)}"
    above = [tag("h1", title), tag("p", about, class_="quiet")]
    return document(title, tag("main", *above, *(part for stage in quantised for part in _stage(stage))))


def _stage(stage: Stage) -> Iterator[Markup]:
    found = stage.quantisation
    if found is None:
        return
    yield tag("h2", stage.name, class_="part")
    yield _verdict(stage, found)
    for one in chosen(tried(found)):
        if one.record.precision != FP32:
            yield _headlines(one, found)
    yield from (figure.markup() for figure in figures(found))
    yield from (table(sheet.head, sheet.rows, sheet.title) for sheet in sheets(found))


def _verdict(stage: Stage, found: Quantisation) -> Markup:
    won = chosen(tried(found))
    quantised = any(one.record.precision != FP32 for one in won)
    word = ", ".join(one.title for one in won) or "nothing was chosen"
    said = tag("ul", *(tag("li", f"{one.title}: {one.record.reason}") for one in won))
    state = "valid" if quantised else "unstable"
    return tag(
        "section",
        tag("h3", word, class_="word"),
        said,
        class_=f"verdict {state}",
        aria_label=f"Verdict on {stage.name}",
    )


def _headlines(one: Tried, found: Quantisation) -> Markup:
    speed, drop = faster(one.latency), one.drop
    lines = (
        ("size", percent(one.share, 3), f"of {one.record.engine}'s fp32"),
        (
            "speed",
            MISSING if speed is None else f"{plain(speed.value, 3)} ×",
            "latency was not measured" if speed is None else f"as fast as fp32; 95% interval {ends(speed, 2)}",
        ),
        (
            "points lost",
            MISSING if drop is None else f"{drop.value:.2f}",
            "accuracy was not measured" if drop is None else f"95% interval {ends(drop, 2)}, at most {budget(found)}",
        ),
    )
    return tag(
        "dl",
        *(
            tag(
                "div",
                tag("dt", name),
                tag("dd", value, class_="value none" if value == MISSING else "value"),
                tag("dd", note, class_="quiet"),
            )
            for name, value, note in lines
        ),
        class_="heads",
    )
