"""The inputs of a calibration set, as `edge` takes them: with their truth where they have labels, else without.

Labelled are the forms that `edge bench --dataset` reads. Without labels it is a folder of pictures (or of `.npz` files
of tensors), or a text file with an input a line; and for a bundle that reads pages, if nothing is given, its own pages.
"""

from __future__ import annotations

from pathlib import Path

from edge.bench.accuracy.dataset import Example, read_text
from edge.bench.accuracy.evaluate import open_dataset
from edge.bench.accuracy.labelled import TABLE
from edge.bench.accuracy.transcribed import LIST
from edge.bundle import Bundle
from edge.errors import InputError
from edge.preprocess.images import SUFFIXES

TENSORS = (".npz",)


def read_examples(path: Path | None, bundle: Bundle) -> tuple[Example, ...]:
    """In the order of their names; `truth` is empty where there are no labels.

    Raises InputError where there is no such set, or nothing of what the bundle takes is in it.
    """
    if path is None:
        return tuple(Example(page.image, bundle.file(page.image), "") for page in bundle.manifest.pages)
    if _is_labelled(path, bundle):
        return open_dataset(path, bundle).examples
    return _texts(path) if _first_step(bundle) == "tokenise" else _files(path, bundle)


def _is_labelled(path: Path, bundle: Bundle) -> bool:
    task = bundle.manifest.task
    if task == "text-classification":
        return any("\t" in line for line in read_text(path).split("\n"))
    if task == "image-classification":
        return (path / TABLE).is_file() or (path.is_dir() and any(one.is_dir() for one in path.iterdir()))
    return task in ("ocr", "image-to-text") and (path / LIST).is_file()


def _texts(path: Path) -> tuple[Example, ...]:
    lines = [line.strip() for line in read_text(path).split("\n")]
    return tuple(Example(f"line {number}", line, "") for number, line in enumerate(lines, 1) if line)


def _files(path: Path, bundle: Bundle) -> tuple[Example, ...]:
    suffixes = SUFFIXES if _first_step(bundle) else TENSORS
    if not path.is_dir():
        raise InputError(
            f"the calibration set {path} is no folder", remedy=f"give one with files ending in {', '.join(suffixes)}"
        )
    files = sorted(one for one in path.rglob("*") if one.suffix.lower() in suffixes and one.is_file())
    return tuple(Example(one.relative_to(path).as_posix(), one, "") for one in files)


def _first_step(bundle: Bundle) -> str:
    steps = bundle.manifest.stages[0].preprocess
    return steps[0].kind if steps else ""
