"""`edge bench`: how fast a bundle is on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from edge.cli.printer import json_option, show, table
from edge.errors import InputError


@click.command(epilog="Example: edge bench resnet50.edge photo.jpg --threads 2 -o pi5.json")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("given", metavar="[INPUT]", required=False, default="")
@click.option("--engine", help="The engine to measure (default: the preferred one).")
@click.option("--provider", "providers", multiple=True, help="A provider of ONNX Runtime; it must be there.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads of the engine (default: all that it may use).")
@click.option("--batch", type=click.IntRange(min=1), default=1, show_default=True, help="Inputs of one query.")
@click.option("--scenario", help="What is done with the inputs (default: single-stream; multi-stream with --batch).")
@click.option("--min-seconds", type=click.FloatRange(min=0), default=3, show_default=True, help="Measure so long.")
@click.option("--min-samples", type=click.IntRange(min=1), default=64, show_default=True, help="And so many queries.")
@click.option("--max-seconds", type=click.FloatRange(min=0), default=60, show_default=True, help="But no longer.")
@click.option("--warmup", type=click.IntRange(min=0), default=5, show_default=True, help="Queries before those.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Keep all samples in this JSON file.")
@json_option
def bench(
    *,
    bundle: Path,
    given: str,
    engine: str | None,
    providers: tuple[str, ...],
    threads: int | None,
    batch: int,
    scenario: str | None,
    min_seconds: float,
    min_samples: int,
    max_seconds: float,
    warmup: int,
    output: Path | None,
    as_json: bool,
) -> None:
    """Measure BUNDLE on this machine.

    In a process of its own: cold start, first inference, repeated queries, peak memory.

    INPUT goes through the whole runtime, with a time for every stage; without it, golden vectors go to the engine.
    """
    from edge.bench.measure import measure
    from edge.bench.plan import Plan
    from edge.bench.record import write_measurement
    from edge.bench.report.table import report, summarise

    if output is not None and not output.absolute().parent.is_dir():
        raise InputError(f"{output.parent} is no folder", remedy="create it first")
    done = measure(
        Plan(
            bundle=str(bundle),
            scenario=scenario or ("multi-stream" if batch > 1 else "single-stream"),
            input=given,
            engine=engine or "",
            providers=providers,
            threads=threads or 0,
            batch=batch,
            min_seconds=min_seconds,
            min_samples=min_samples,
            max_seconds=max_seconds,
            warmup=warmup,
        )
    )
    if output is not None:
        write_measurement(done, output)
    samples = {"all" if done.stages else "engine": done.samples, **done.stages}
    summaries = {name: summarise(series).to_json() for name, series in samples.items()}
    show(as_json, done.to_json() | {"summary": summaries}, table(list(report(done))))
