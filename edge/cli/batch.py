"""`edge batch`: many inputs through a bundle, one record for each, whatever happens meanwhile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.application import plain
from edge.cli.memory import memory as memory_type
from edge.cli.printer import json_option, show

if TYPE_CHECKING:
    from edge.batch.batch import Summary
    from edge.batch.records import Record

EPILOG = """\b
Examples:
  edge batch ppocr.edge scans/ -o texts.jsonl
  edge batch ppocr.edge scans/ -o texts.jsonl --resume
  edge batch mobilenet.edge photos/ -o labels.jsonl --workers 2 --memory 600MB
  edge batch ppocr.edge --watch inbox -o outbox
"""


@click.command(epilog=EPILOG)
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="Records, one JSON object a line; with --watch a folder.",
)
@click.option(
    "--watch", "inbox", type=click.Path(path_type=Path), help="Keep running: read what arrives in this folder."
)
@click.option("--resume", is_flag=True, help="Go on where a batch was cut off, or begin.")
@click.option("--force", is_flag=True, help="Begin anew; replaces the output.")
@click.option("--ordered/--streamed", default=True, help="Records in the order of inputs at the end, or as they come.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes with a model each (default: what fits).")
@click.option("--threads", type=click.IntRange(min=1), help="Threads of each (default: the cores, shared out).")
@click.option("--memory", type=memory_type, help="For all of it, as in 600MB (default: 3/4 of what may be used).")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=600.0,
    show_default=True,
    help="Seconds that an input may take.",
)
@click.option(
    "--batch",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    help="Inputs that go through the engine at once.",
)
@click.option(
    "--chunk", type=click.IntRange(min=1), default=16, show_default=True, help="Inputs that are kept together."
)
@click.option("--engine", help="onnxruntime or paddlelite; by default the first that can run here.")
@click.option("--precision", help="The precision of the artifact, as in fp32 (default: the first that there is).")
@click.option("--top-k", type=click.IntRange(min=1), help="Labels of a record; by default as many as the bundle says.")
@click.option("--format", "form", help="The format of read pages, as in edge run (default: json).")
@json_option
def batch(
    *,
    bundle: Path,
    inputs: tuple[str, ...],
    output: Path,
    inbox: Path | None,
    resume: bool,
    force: bool,
    ordered: bool,
    workers: int | None,
    threads: int | None,
    memory: int | None,
    timeout: float,
    batch: int,
    chunk: int,
    engine: str | None,
    precision: str | None,
    top_k: int | None,
    form: str | None,
    as_json: bool,
) -> int:
    """Run all INPUTs through BUNDLE and keep a record of each, a result or an error.

    A journal beside the output holds what was read: a kill or a power cut loses nothing and repeats at most one chunk
    of each worker. Ctrl-C finishes what was begun. The exit code is 2 where an input failed.

    With --watch, each file that arrives in the folder, renamed into it or closed, is read once. Its records appear in
    the output folder as NAME.json, in its subfolder `failed` where something failed; it is moved to `done` or `failed`.
    """
    from edge.batch.batch import batch as run_batch
    from edge.batch.crew import Asked, crew, limits
    from edge.batch.job import Job, digest_of
    from edge.batch.output import check_output
    from edge.batch.stop import Stop
    from edge.batch.watch import watch
    from edge.bundle import open_bundle
    from edge.errors import InputError
    from edge.formats import format_named
    from edge.gather import STDIN, gather
    from edge.machine import this_machine

    if bool(inputs) == (inbox is not None):
        raise click.UsageError("give INPUTs, or a folder with --watch")
    if STDIN in inputs:
        raise InputError("a batch cannot come from standard input: it could not go on", remedy="write it to a file")
    if form is not None and format_named(form).binary and inbox is None:
        raise InputError(f"{form} does not go into a line of JSON", remedy="use --watch, or edge run")
    if inbox is None:
        check_output(output, resume=resume, force=force)
    opened = open_bundle(bundle)
    job = Job(
        bundle=str(bundle),
        digest=digest_of(opened),
        engine=engine or "",
        precision=precision or "",
        top_k=top_k or 0,
        form="" if form in (None, "json") else str(form),
        batch=batch,
        chunk=chunk,
    )
    bounds = limits(this_machine(), opened.manifest.task, Asked(workers or 0, threads or 0, memory or 0))
    stop = Stop()
    with stop.listening(), crew(job, bounds, timeout) as places:
        if inbox is not None:
            watch(inbox, output, places, stop, partial(_say, as_json), job.form)
            return 0
        kind = places[0].worker().kind
        found = run_batch(job, lambda: gather(kind, inputs, ()), output, places, stop, streamed=not ordered, anew=force)
    show(as_json, vars(found), [_line(found, output)])
    if found.stopped:
        return 128 + found.stopped
    return InputError.exit_code if found.failed else 0


def _say(as_json: bool, name: str, records: Sequence[Record]) -> None:
    """A line for each file that was read, at once."""
    from edge.batch.records import is_failure

    errors = [record["error"] for record in records if is_failure(record)]
    said = f"{name}: {errors[0]}" if errors else name
    click.echo(json.dumps({"input": name, "failed": len(errors)}) if as_json else plain(said))


def _line(found: Summary, output: Path) -> str:
    from edge.batch.progress import span

    failed = f", {found.failed} failed" if found.failed else ""
    rate = f" ({found.read / found.seconds:.3g}/s)" if found.seconds else ""
    if found.stopped:
        return f"stopped at {found.records} of {found.inputs} inputs{failed}; --resume goes on"
    return f"{found.records} inputs{failed}, {found.read} read in {span(found.seconds)}{rate}: {output}"
