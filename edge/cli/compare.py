"""`edge compare`: which of two measurements is faster, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.printer import json_option, show, table
from edge.errors import CheckError

if TYPE_CHECKING:
    from edge.bench.compare.comparison import Comparison
    from edge.bench.report.judged import Judged


@click.command(epilog="Example: edge compare before.json after.json --fail-above 1.05")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option(
    "--fail-above",
    type=click.FloatRange(min=1),
    help="End with exit code 1 where SECOND takes more than so many times as long as FIRST.",
)
@json_option
def compare(first: Path, second: Path, fail_above: float | None, as_json: bool) -> None:
    """Compare the median latencies of two records of `edge bench -o`.

    Records of different boards, power modes, tasks or scenarios are refused, and so are INVALID ones. FIRST and SECOND
    may be folders, or patterns as 'sweep/*-2t-*.json', of at least three records of one thing: how much its runs differ
    is then known, and smaller differences can be told.
    """
    from edge.bench.compare.comparable import differences
    from edge.bench.compare.comparison import compare as compare_records
    from edge.bench.report.judged import judged
    from edge.bench.report.read import read_records

    sides = [[judged(record) for record in read_records([path])] for path in (first, second)]
    done = compare_records(*sides)
    differs = list(differences(sides[0][0].done, sides[1][0].done))
    data = done.to_json() | {"answer": done.answer, "differs": {name: list(values) for name, *values in differs}}
    show(as_json, data, _lines(done, sides, differs))
    if fail_above is not None and done.exceeds(fail_above):
        raise CheckError(
            f"{second} takes {done.ratio.middle:.3f} times as long as {first}, {fail_above:g} are allowed",
            remedy="see what differs, above" if differs else "measure both again, on a machine that does nothing else",
        )


def _lines(
    done: Comparison, sides: Sequence[Sequence[Judged]], differs: Sequence[tuple[str, str, str]]
) -> Iterator[str]:
    from edge.bench.compare.comparison import title
    from edge.bench.report.units import milliseconds

    yield from table(
        [
            (name, milliseconds(median), title(side[0].done), f"{len(side)} runs" if len(side) > 1 else "one run")
            for name, median, side in zip(("first", "second"), done.medians, sides, strict=True)
        ]
    )
    if differs:
        yield from table([("differs", "first", "second"), *differs], indent=2)
    yield from _answer(done)
    for name, side in zip(("first", "second"), sides, strict=True):
        yield from _doubts(name, side)


def _doubts(name: str, side: Sequence[Judged]) -> Iterator[str]:
    """Why a side is not to be trusted: one run's reasons, or of several the rules that objected."""
    unstable = [one.judgement for one in side if one.judgement.verdict != "VALID"]
    worst = [finding for one in unstable for finding in one.findings if finding.level == one.verdict]
    if len(side) == 1:
        yield from (f"  the {name} is {finding.level}: {finding.reason}" for finding in worst)
    elif unstable:
        rules = ", ".join(dict.fromkeys(finding.rule for finding in worst))
        yield f"  {len(unstable)} of {len(side)} runs of the {name} are UNSTABLE: {rules}"


def _answer(done: Comparison) -> Iterator[str]:
    from edge.bench.compare.comparison import FASTER, SAME

    ratio = done.ratio
    times = f"{ratio.middle:.3f} times as long (95% interval {ratio.low:.3f} to {ratio.high:.3f})"
    if done.answer == SAME:
        yield f"no difference: the second takes {times}"
    else:
        by = f", it is {1 / ratio.middle:.2f} times as fast" if done.answer == FASTER else ""
        yield f"the second is {done.answer}: it takes {times}{by}"
    if done.apart:
        yield f"  {done.apart:.0%} are allowed for what one run and the next differ by; folders of runs show it instead"
    if not ratio.sure:
        yield "  the interval is not sure: samples are too few or too alike"
