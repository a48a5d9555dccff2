"""`edge run`: inputs through a bundle, answers on standard output."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edge.cli.application import plain
from edge.errors import InputError
from edge.gather import Given, Outcome, gather

if TYPE_CHECKING:
    from edge.results import Result
    from edge.runtime import Model

FIRST_VALUES = 4
EPILOG = """\b
Examples:
  edge run mobilenet.edge photo.jpg
  edge run minilm.edge sentences.txt --output vectors.npy
  edge run minilm.edge --text "A first sentence" --json
  edge run names.edge --text "Ada Lovelace met Charles Babbage in London"
"""


@click.command(epilog=EPILOG)
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option("--text", "texts", multiple=True, help="A text; may be given several times.")
@click.option("--engine", help="onnxruntime or paddlelite; by default the first that can run here.")
@click.option("--threads", type=int, help="Threads of the engine; by default all that this process may use.")
@click.option("--batch", type=int, default=1, show_default=True, help="Inputs that go through the engine at once.")
@click.option("--top-k", type=int, help="Labels that are shown; by default as many as the bundle says.")
@click.option("--output", type=click.Path(path_type=Path), help="Write embeddings or tensors to this .npy or .npz.")
@click.option("--force", is_flag=True, help="Replace the output where it exists.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--time", "timed", is_flag=True, help="Show the time of every stage.")
def run(
    bundle: Path,
    inputs: tuple[str, ...],
    texts: tuple[str, ...],
    engine: str | None,
    threads: int | None,
    batch: int,
    top_k: int | None,
    output: Path | None,
    force: bool,
    as_json: bool,
    timed: bool,
) -> int:
    """Run INPUTs through BUNDLE.

    An INPUT is an image, a .txt with a text per line, an .npz with raw tensors, a folder of these, or - for standard
    input (an image, or a text per line). A bad input is reported and the others are done; the exit code is then 2.
    """
    if not inputs and not texts:
        raise click.UsageError("there is nothing to run: give an INPUT or --text")
    from edge import runtime
    from edge.cli.output import Output

    file = Output(output, force=force) if output else None
    code = 0
    with runtime.load(bundle, engine=engine, threads=threads, top_k=top_k) as model:
        for one in _outcomes(model, gather(model.kind, inputs, texts), batch):
            if isinstance(one.value, InputError):
                code = InputError.exit_code
                _complain(one.name, one.value)
            elif file:
                file.add(one.name, one.value)
            if as_json:
                _print_json(one, timed)
            elif not isinstance(one.value, InputError):
                _show(one.name, one.value, timed, quiet=file is not None)
    if file:
        file.write()
    return code


def _outcomes(model: Model, given: Iterable[Given], batch: int) -> Iterator[Outcome]:
    names: deque[str] = deque()
    early: list[Outcome] = []

    def sound() -> Iterator[object]:
        for one in given:
            if isinstance(one.value, InputError):
                early.append(Outcome(one.name, one.value))
            else:
                names.append(one.name)
                yield one.value

    for value in model.outcomes(sound(), batch):
        yield from early
        early.clear()
        yield Outcome(names.popleft(), value)
    yield from early


def _print_json(one: Outcome, timed: bool) -> None:
    said = {"error": one.value.message} if isinstance(one.value, InputError) else one.value.to_json()
    if not timed:
        said.pop("timings", None)
    click.echo(json.dumps({"input": one.name, **said}, ensure_ascii=False))


def _complain(name: str, error: InputError) -> None:
    message = error.message if name in error.message else f"{name}: {error.message}"
    remedy = f" ({error.remedy})" if error.remedy else ""
    click.echo(f"edge: {plain(message + remedy)}", err=True)


def _show(name: str, result: Result, timed: bool, *, quiet: bool) -> None:
    if not quiet:
        click.echo(plain(name))
        for line in _lines(result):
            click.echo(f"  {plain(line)}")
    if timed:
        times = "  ".join(f"{stage} {seconds * 1000:.2f} ms" for stage, seconds in vars(result.timings).items())
        click.echo(f"  {times}" if not quiet else f"{plain(name)}  {times}")


def _lines(result: Result) -> Iterator[str]:
    from edge.results import Classification, Detections, Document, Embedding, Text, TokenClassification

    if isinstance(result, Classification):
        yield from (f"{score:.4f}  {label}" for label, score in zip(result.labels, result.scores, strict=True))
    elif isinstance(result, Detections):
        for label, score, box in zip(result.labels, result.scores, result.boxes, strict=True):
            yield f"{score:.4f}  {label}  {' '.join(f'{edge:.0f}' for edge in box)}"
    elif isinstance(result, Text):
        yield result.text
    elif isinstance(result, Document):
        yield from result.text.split("\n")
    elif isinstance(result, TokenClassification):
        yield from (f"{one.score:.4f}  {one.label}  {one.start}:{one.end}  {one.text}" for one in result.entities)
    elif isinstance(result, Embedding):
        first = " ".join(f"{value:.4f}" for value in result.vector[:FIRST_VALUES])
        yield f"float32 ({len(result.vector)},)  {first} ..."
    else:
        yield from (f"{name}  {one.dtype} {one.shape}" for name, one in result.arrays.items())
