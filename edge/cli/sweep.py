"""`edge sweep`: which threads, batch, engine and precision suit a bundle on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.application import INTERRUPTED
from edge.cli.printer import json_option, mebibytes, show, table, visible
from edge.errors import EdgeError, InputError

if TYPE_CHECKING:
    from edge.bench.sweep import Row, Turn


def _numbers(_context: click.Context, _option: click.Parameter, said: str | None) -> tuple[int, ...]:
    words = [word.strip() for word in said.split(",")] if said is not None else []
    if not all(word.isdecimal() and len(word) < 6 and int(word) for word in words):
        raise click.BadParameter(f"{said!r} is no list of numbers from 1, as in 1,2,4")
    return tuple(dict.fromkeys(map(int, words)))


@click.command(epilog="Example: edge sweep resnet50.edge photo.jpg --threads 1,2,4 --batch 1,4 -o sweep")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("given", metavar="[INPUT]", required=False, default="")
@click.option("--threads", callback=_numbers, help="As in 1,2,4 (default: 1, 2, 4, ... and all that it may use).")
@click.option("--batch", "batches", callback=_numbers, help="Inputs of a query, as in 1,4,8 (default: 1).")
@click.option("--engine", "engines", multiple=True, help="An engine (default: all that run here).")
@click.option("--precision", "precisions", multiple=True, help="A precision (default: all of the bundle).")
@click.option("--provider", "providers", multiple=True, help="A provider of ONNX Runtime; it must be there.")
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True, help="Turns of each.")
@click.option("--min-seconds", type=click.FloatRange(min=0), default=3.0, show_default=True, help="Of each turn.")
@click.option("--min-samples", type=click.IntRange(min=1), default=64, show_default=True, help="And so many queries.")
@click.option("--max-seconds", type=click.FloatRange(min=0), default=60.0, show_default=True, help="But no longer.")
@click.option("--warmup", type=click.IntRange(min=0), default=5, show_default=True, help="Queries before those.")
@click.option("--cool-to", type=float, help="Wait before each turn for so many °C (default: what it was at first).")
@click.option("--max-cooling", type=click.FloatRange(min=0), default=600.0, show_default=True, help="Seconds, at most.")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Draws the order of each round.")
@click.option("--dataset", help="Measure accuracy, too, as in edge bench.")
@click.option("--dataset-tag", "tags", multiple=True, help="Only the examples of the dataset with this tag.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A new folder for the records of all turns.")
@json_option
def sweep(
    *,
    bundle: Path,
    given: str,
    threads: tuple[int, ...],
    batches: tuple[int, ...],
    engines: tuple[str, ...],
    precisions: tuple[str, ...],
    providers: tuple[str, ...],
    rounds: int,
    min_seconds: float,
    min_samples: int,
    max_seconds: float,
    warmup: int,
    cool_to: float | None,
    max_cooling: float,
    seed: int,
    dataset: str | None,
    tags: tuple[str, ...],
    output: Path | None,
    as_json: bool,
) -> None:
    """Measure BUNDLE in many configurations.

    Each is measured in fresh processes, in rounds of changing order, once the machine is as cool as it was at first.
    """
    from edge.bench.clock import Clock
    from edge.bench.cooling import Cooling, thermometers
    from edge.bench.measure import measure
    from edge.bench.plan import Plan
    from edge.bench.sweep import Axes, default_threads, plans, rows
    from edge.bench.sweep import sweep as turns_of
    from edge.bundle import open_bundle
    from edge.machine import this_machine

    machine = this_machine()
    axes = Axes(threads or default_threads(machine.cpus), batches or (1,), engines, precisions)
    base = Plan(
        bundle=str(bundle),
        input=given,
        min_seconds=min_seconds,
        min_samples=min_samples,
        max_seconds=max_seconds,
        warmup=warmup,
        seed=seed,
        dataset=dataset or "",
        tags=tags,
        providers=providers,
    )
    configurations = plans(base, open_bundle(bundle), axes, machine)
    if output is not None:
        _make_folder(output)
    cooling = Cooling(thermometers, Clock(), target=cool_to, most=max_cooling)
    turns: list[Turn] = []
    stopped = False
    try:
        for turn in turns_of(configurations, rounds, cooling, measure):
            turns.append(turn)
            _keep(turn, len(turns), rounds * len(configurations), output)
    except KeyboardInterrupt:
        stopped = True
    found = rows(configurations, turns)
    errors = [turn.outcome for turn in turns if isinstance(turn.outcome, EdgeError)]
    if errors and not any(row.rounds for row in found):
        raise errors[0]
    show(as_json, {"rows": [row.to_json() for row in found]}, _lines(found))
    if stopped or any(turn.interrupted for turn in turns):
        click.get_current_context().exit(INTERRUPTED)


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(exist_ok=True)
        if any(path.iterdir()):
            raise InputError(f"{path} is not empty", remedy="give a new folder")
    except OSError as error:
        raise InputError(f"the folder {path} cannot be made ({error.strerror})", remedy="give another one") from error


def _keep(turn: Turn, number: int, of: int, folder: Path | None) -> None:
    """Say how the turn went, and write its record."""
    from edge.bench.record import write_measurement

    plan, outcome = turn.plan, turn.outcome
    name = f"{plan.engine}-{plan.precision}-{plan.threads}t-b{plan.batch}-r{turn.round}"
    if isinstance(outcome, EdgeError):
        said = outcome.message
    else:
        said = f"{len(outcome.samples)} queries in {outcome.seconds:.1f} s"
        if folder is not None:
            write_measurement(outcome, folder / f"{name}.json")
    waited = f", after cooling for {turn.cooled.seconds:.0f} s" if turn.cooled.seconds >= 1 else ""
    click.echo(visible(f"{number} of {of}: {name}: {said}{waited}"), err=True)


def _lines(found: Sequence[Row]) -> Iterator[str]:
    from edge.bench.cooling import COOL

    metrics = sorted({name for row in found for name in row.accuracy})
    head = ("engine", "precision", "threads", "batch", "p50", "rounds", "inputs/s", "memory", "verdict", *metrics)
    yield from table([head, *(_cells(row, metrics) for row in found if row.rounds)])
    for row in found:
        if row.error:
            yield f"not measured: {row.engine} {row.precision}, {row.threads} threads, batch {row.batch}: {row.error}"
    reasons = sorted({reason for row in found for reason in row.cooling} - {COOL})
    if reasons:
        yield f"cooling: {', '.join(reasons)}"


def _cells(row: Row, metrics: Sequence[str]) -> tuple[str, ...]:
    return (
        row.engine,
        row.precision,
        str(row.threads),
        str(row.batch),
        f"{row.p50 * 1000:.3g} ms",
        f"{row.fastest * 1000:.3g} to {row.slowest * 1000:.3g} ms",
        f"{row.throughput:.4g}",
        mebibytes(row.peak_memory),
        row.verdict,
        *(f"{row.accuracy[name]:.4f}" if name in row.accuracy else "" for name in metrics),
    )
