"""`edge run`: inputs through a bundle, answers on standard output."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from edge.cli.application import plain
from edge.cli.memory import memory as memory_type
from edge.errors import InputError
from edge.gather import STDIN, Given, Outcome, gather

if TYPE_CHECKING:
    from edge.results import Result
    from edge.runtime import Model

FIRST_VALUES = 4
OCR = "ocr"
EPILOG = """\b
Examples:
  edge run mobilenet.edge photo.jpg
  edge run minilm.edge sentences.txt --output vectors.npy
  edge run minilm.edge --text "A first sentence" --json
  edge run names.edge --text "Ada Lovelace met Charles Babbage in London"
  edge run ppocr.edge scan.pdf
  edge run ppocr.edge scan.jpg --output scan.pdf --overlay scan.png
  edge run ppocr.edge 'scans/*.tif' --format alto --output folder
"""


@click.command(epilog=EPILOG)
@click.argument("bundle", type=click.Path(path_type=Path))
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@click.option("--text", "texts", multiple=True, help="A text; may be given several times.")
@click.option("--engine", help="onnxruntime or paddlelite; by default the first that can run here.")
@click.option("--threads", type=int, help="Threads of the engine; by default all that this process may use.")
@click.option("--batch", type=int, default=1, show_default=True, help="Inputs that go through the engine at once.")
@click.option("--top-k", type=int, help="Labels that are shown; by default as many as the bundle says.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Write embeddings or tensors to this .npy or .npz, or pages to a file or folder.",
)
@click.option("--force", is_flag=True, help="Replace the output where it exists.")
@click.option("--format", "form", help="How pages are written: text, json, tsv, hocr, alto, pdf or overlay.")
@click.option("--overlay", type=click.Path(path_type=Path), help="Draw what was read on a page into this .png.")
@click.option("--font", "fonts", type=click.Path(path_type=Path), multiple=True, help="Draw with this font first.")
@click.option("--memory", type=memory_type, help="What reading a page may take, as in 600MB: sets --max-pixels.")
@click.option("--max-pixels", type=click.IntRange(min=1), help="Refuse larger pages, by their header.")
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
    form: str | None,
    overlay: Path | None,
    fonts: tuple[Path, ...],
    memory: int | None,
    max_pixels: int | None,
    as_json: bool,
    timed: bool,
) -> int:
    """Run INPUTs through BUNDLE.

    An INPUT is an image, a PDF or TIFF of several pages to be read, a .txt with a text per line, an .npz with raw
    tensors, a folder or a pattern of these, or - for standard input (an image, a PDF, or a text per line). A bad input
    is reported and the others are done; the exit code is then 2.
    """
    if not inputs and not texts:
        raise click.UsageError("there is nothing to run: give an INPUT or --text")
    from edge import runtime
    from edge.bundle import open_bundle

    opened = open_bundle(bundle)
    if memory and not max_pixels:
        max_pixels = _pixels_within(memory)
    sink: Sink
    if opened.manifest.task == OCR:
        alone = len(inputs) == 1 and _is_one(inputs[0])
        sink = _documents(form, output, overlay, fonts=fonts, max_pixels=max_pixels, force=force, alone=alone)
    elif form or overlay or fonts or max_pixels:
        options = "--format, --overlay, --font, --memory and --max-pixels"
        raise InputError(f"{bundle} reads no pages", remedy=f"leave out {options}")
    else:
        sink = _output(output, force=force)
    with runtime.load(opened, engine=engine, threads=threads, top_k=top_k, max_pixels=max_pixels) as model:
        code = _run_all(_outcomes(model, gather(model.kind, inputs, texts), batch), sink, as_json, timed)
    sink.finish()
    return code


def _run_all(outcomes: Iterable[Outcome], sink: Sink, as_json: bool, timed: bool) -> int:
    code = 0
    for one in outcomes:
        if isinstance(one.value, InputError):
            code = InputError.exit_code
            _complain(one.name, one.value)
        else:
            sink.keep(one)
        if as_json:
            _print_json(one, timed)
        elif not isinstance(one.value, InputError):
            shown = sink.show(one)
            _show(one.name, one.value, timed, quiet=shown)
    return code


class Sink(Protocol):
    """What becomes of results."""

    def keep(self, one: Outcome) -> None:
        """Write what files were asked for, now or in the end."""
        ...

    def show(self, one: Outcome) -> bool:
        """Print it, or say that nothing else shall."""
        ...

    def finish(self) -> None:
        """All results are there."""
        ...


def _output(output: Path | None, *, force: bool) -> Sink:
    from edge.cli.output import Output

    return Output(output, force=force)


def _documents(form: str | None, output: Path | None, overlay: Path | None, **options: Any) -> Sink:
    from edge.cli.documents import Documents

    return Documents(form, output, overlay, **options)


def _pixels_within(memory: int) -> int:
    from edge.preprocess.budget import max_pixels_within

    return max_pixels_within(memory)


def _is_one(given: str) -> bool:
    """Whether an argument stands for one input: no folder, and no pattern of several files."""
    return given == STDIN or Path(given).is_file() or not (Path(given).is_dir() or set(given) & set("*?["))


def _outcomes(model: Model, given: Iterable[Given], batch: int) -> Iterator[Outcome]:
    waiting: deque[Given] = deque()
    early: list[Outcome] = []

    def sound() -> Iterator[object]:
        for one in given:
            if isinstance(one.value, InputError):
                early.append(Outcome(one.name, one.value))
            else:
                waiting.append(one)
                yield one.value

    for value in model.outcomes(sound(), batch):
        yield from early
        early.clear()
        given_one = waiting.popleft()
        yield Outcome(given_one.name, value, given_one.value)
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
