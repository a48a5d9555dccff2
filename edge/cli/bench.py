"""`edge bench`: how fast a bundle is on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from edge.cli.application import INTERRUPTED as SIGINT_CODE
from edge.cli.printer import json_option, show
from edge.whole_file import check_place


@click.command(epilog="Example: edge bench resnet50.edge photo.jpg --threads 2 -o pi5.json")
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("given", metavar="[INPUT]", required=False, default="")
@click.option("--engine", help="The engine to measure (default: the preferred one).")
@click.option("--precision", help="The precision of the artifact, as in fp32 (default: the first that there is).")
@click.option("--provider", "providers", multiple=True, help="A provider of ONNX Runtime; it must be there.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads of the engine (default: all that it may use).")
@click.option("--batch", type=click.IntRange(min=1), help="Inputs of one query (default: the scenario's).")
@click.option("--scenario", help="What is done with the inputs (default: single-stream; multi-stream with --batch).")
@click.option("--min-seconds", type=click.FloatRange(min=0), help="Measure so long (default: the scenario's).")
@click.option("--min-samples", type=click.IntRange(min=1), help="And so many queries (default: the scenario's).")
@click.option("--max-seconds", type=click.FloatRange(min=0), help="But no longer (default: the scenario's).")
@click.option("--warmup", type=click.IntRange(min=0), default=5, show_default=True, help="Queries before those.")
@click.option("--seed", type=click.IntRange(min=0), default=0, help="Draws what is drawn: arrivals, varied inputs.")
@click.option("--latency-bound", type=click.FloatRange(min=0, min_open=True), help="For a server: milliseconds.")
@click.option(
    "--percentile",
    type=click.FloatRange(50, 99.99),
    help="In %: take the samples that it needs (default: 90), or for a server: the share within the bound (99).",
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    help="For a server: queries a second (default: the most that hold).",
)
@click.option("--dataset", help="Measure accuracy, too: images with labels or texts, or a table of labelled texts.")
@click.option("--dataset-tag", "tags", multiple=True, help="Only the examples of the dataset with this tag.")
@click.option("--limit/--no-limit", default=True, show_default=True, help="Find how fast this machine could be.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Keep all samples in this JSON file.")
@click.option("--report", type=click.Path(path_type=Path), help="Write a page (.html) or Markdown (.md) about it.")
@json_option
def bench(
    *,
    bundle: Path,
    given: str,
    engine: str | None,
    precision: str | None,
    providers: tuple[str, ...],
    threads: int | None,
    batch: int | None,
    scenario: str | None,
    min_seconds: float | None,
    min_samples: int | None,
    max_seconds: float | None,
    warmup: int,
    seed: int,
    latency_bound: float | None,
    percentile: float | None,
    rate: float | None,
    dataset: str | None,
    tags: tuple[str, ...],
    limit: bool,
    output: Path | None,
    report: Path | None,
    as_json: bool,
) -> None:
    """Measure BUNDLE on this machine.

    In a process of its own: cold start, first inference, repeated queries, peak memory.

    INPUT goes through the whole runtime, with a time for every stage; without it, golden vectors go to the engine.
    """
    from edge.bench.measure import measure
    from edge.bench.plan import Plan
    from edge.bench.record import write_measurement
    from edge.bench.report.judged import judged
    from edge.bench.report.write import check_report, write_report
    from edge.bench.scenarios import scenario_of
    from edge.bench.statistics.early_stopping import samples_for
    from edge.bench.stop_rule import INTERRUPTED
    from edge.cli.measured import lines

    if output is not None:
        check_place(output)
    if report is not None:
        check_report(report)
    chosen = scenario_of(scenario or ("multi-stream" if (batch or 1) > 1 else "single-stream"))
    share = round((percentile or 0) / 100, 6)
    needed = samples_for(share) if share else 0
    done = measure(
        Plan(
            bundle=str(bundle),
            scenario=chosen.id,
            input=given,
            engine=engine or "",
            precision=precision or "",
            providers=providers,
            threads=threads or 0,
            batch=batch or chosen.batch,
            min_seconds=chosen.rule.min_seconds if min_seconds is None else min_seconds,
            min_samples=min_samples or max(chosen.rule.min_samples, needed),
            max_seconds=chosen.rule.max_seconds if max_seconds is None else max_seconds,
            warmup=warmup,
            seed=seed,
            bound=(latency_bound or 0) / 1000,
            percentile=share or 0.99,
            rate=rate or 0.0,
            dataset=dataset or "",
            tags=tags,
            limit=limit,
        )
    )
    one = judged(done)
    data = done.to_json() | {"summary": one.summary.to_json(), "judgement": one.judgement.to_json()}
    try:
        if output is not None:
            write_measurement(done, output)
        if report is not None:
            write_report([one], report)
    finally:  # a full disk, or a reader of the table that has left, takes no more than its own
        show(as_json, data, lines(one))
    if done.stop.reason == INTERRUPTED:
        click.get_current_context().exit(SIGINT_CODE)
