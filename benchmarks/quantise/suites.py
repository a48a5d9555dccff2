"""`python -m benchmarks quantise-NAME`: one model in fp32, in int8 and as `auto` chooses. A few minutes each.

Bundles are built once; `python -m benchmarks.quantise.suites` builds all of them, or those that are named, without
measuring anything.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.places import BUILD
from benchmarks.quantise.accuracy import Judge, judge
from benchmarks.quantise.bundles import artifact, build_all, size, stays
from benchmarks.quantise.speed import faster, feeds
from benchmarks.quantise.subjects import MOST_POINTS, SUBJECTS, Subject
from edge.bundle import Bundle
from edge.quantisation import Interval

SMALLEST = 0.27
MOST_RANKS = 0.5
"""Points that Spearman's rho may lose: 0.995 of 1 are left."""
OCR_POINTS = 0.5
PAGES = "ocr"


def rows(name: str, folder: Path) -> Iterator[Row]:
    """Speed, size and accuracy of what was made of one model, each against fp32 of the same machine and minute."""
    subject, bundles = _made(name, folder)
    fp32 = bundles["fp32"]
    fed = feeds(subject, fp32, folder / "quantise" / name / "feeds")
    yield Row(f"{name}, fp32: bytes", f"{size(fp32):,}", met=True, value=size(fp32))
    judged = None if subject.test is None else judge(fp32, subject.test)
    if judged:
        reference = judged.fp32
        yield Row(f"{name}, fp32: {reference.score} of {reference.inputs} inputs", f"{reference.fp32:.2f}", met=True)
    for precision in ("int8", "auto"):
        title = f"{name}, {precision}"
        yield from _speed(title, subject, fp32, bundles[precision], fed, asked=precision == "int8")
        yield _size(title, fp32, bundles[precision], asked=precision == "int8")
        if judged:
            yield _accuracy(title, judged, bundles[precision])


def _made(name: str, folder: Path) -> tuple[Subject, Mapping[str, Bundle]]:
    place = folder / "quantise"
    models = place / "models"
    for needed in (models, place / name):
        needed.mkdir(parents=True, exist_ok=True)
    subject = SUBJECTS[name](models)
    return subject, build_all(subject, place / name)


def _speed(
    title: str, subject: Subject, fp32: Bundle, other: Bundle, fed: Mapping[str, Path], *, asked: bool
) -> Iterator[Row]:
    """For each stage; int8 has the goal that was asked for, `auto` must not be slower."""
    for stage in other.manifest.stages:
        told = f"{title}, {stage.name}" if len(other.manifest.stages) > 1 else title
        if why := stays(stage):
            yield Row(f"{told}: faster, or fp32 with the reason", f"fp32: {why}", met=not (asked and subject.faster))
            continue
        if stage.name not in fed:
            yield Row(f"{told}: not fed by these inputs", artifact(stage).precision, met=True)
            continue
        found = faster(stage, fp32, other, fed[stage.name])
        figure = f"{artifact(stage).precision}, {found.value:.2f}, {found.low:.2f} to {found.high:.2f} (95%)"
        wanted = subject.faster if asked else 1.0
        goal = f", lower end >= {wanted:g}" if wanted else ""
        yield Row(f"{told}: times faster than fp32{goal}", figure, found.low >= (wanted or 0.0), found.low)


def _size(title: str, fp32: Bundle, other: Bundle, *, asked: bool) -> Row:
    ratio = size(other) / size(fp32)
    kept = any(stays(stage) for stage in other.manifest.stages)
    wanted = SMALLEST if asked and not kept else 1.0
    return Row(f"{title}: bytes over fp32's <= {wanted:g}", f"{ratio:.3f}", ratio <= wanted, ratio)


def _accuracy(title: str, judged: Judge, other: Bundle) -> Row:
    """By the upper end of the interval, of pages by the value: there are too few of them."""
    found, score = judged.drop(other), judged.fp32.score
    if other.manifest.task == PAGES:
        return _lost(f"{title}: points of {score} lost <= {OCR_POINTS:g}", found, found.value, OCR_POINTS)
    limit = MOST_RANKS if score == "spearman" else MOST_POINTS
    return _lost(f"{title}: points of {score} lost, upper end <= {limit:g}", found, found.high, limit)


def _lost(goal: str, found: Interval, value: float, limit: float) -> Row:
    return Row(goal, f"{found.value:.2f}, {found.low:.2f} to {found.high:.2f} (95%)", value <= limit, value)


PARTS: Mapping[str, Callable[[Path], Iterator[Row]]] = {f"quantise-{name}": partial(rows, name) for name in SUBJECTS}


if __name__ == "__main__":
    for chosen in sys.argv[1:] or SUBJECTS:
        _made(chosen, BUILD / "benchmarks")
