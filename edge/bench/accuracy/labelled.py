"""Datasets of a classifier: images in folders or beside a table, texts in a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from edge.bench.accuracy.dataset import Example, read_text
from edge.bundle import Bundle
from edge.errors import InputError
from edge.preprocess.images import SUFFIXES
from edge.tasks.labels import Labels, read_labels

TABLE = "labels.csv"
FILE = "file"


def labelled_images(path: Path, bundle: Bundle, tags: Sequence[str]) -> list[Example]:
    """A folder with `labels.csv` (a column `file`, and one of labels), or with a folder of images for each label."""
    _no_tags(path, tags)
    labels = model_labels(bundle)
    if (path / TABLE).is_file():
        return _beside_a_table(path, labels)
    if not path.is_dir():
        raise InputError(f"the dataset {path} is no folder", remedy=f"give one with images and {TABLE}")
    named = {one.name: one for one in sorted(path.iterdir()) if one.is_dir()}
    truths = _truths(list(named), labels)
    if not named or truths is None:
        raise InputError(
            f"the dataset {path} has no {TABLE}, and no folders with the names of the model's labels",
            remedy=f"the labels are {', '.join(labels[:3])}, ...; or give their numbers from 0",
        )
    return [
        Example(f"{name}/{file.relative_to(folder)}", file, truth)
        for (name, folder), truth in zip(named.items(), truths, strict=True)
        for file in sorted(folder.rglob("*"))
        if file.suffix.lower() in SUFFIXES and file.is_file()
    ]


def labelled_texts(path: Path, bundle: Bundle, tags: Sequence[str]) -> list[Example]:
    """A table of a text and its label on each line, a tab between them; a first line with names is left out.

    Which column is which follows from the model's labels. Quotes have no meaning.
    """
    _no_tags(path, tags)
    labels = model_labels(bundle)
    rows = [line.split("\t", 1) for line in read_text(path).split("\n") if line.strip()]
    if not rows or {len(row) for row in rows} != {2}:
        raise InputError(f"the dataset {path} is no table of two columns", remedy="put one tab between text and label")
    for header in (0, 1):
        for place in (0, 1):
            truths = _truths([row[place].strip() for row in rows[header:]], labels)
            if truths:
                texts = [row[1 - place].strip() for row in rows[header:]]
                pairs = zip(texts, truths, strict=True)
                return [Example(f"row {at}", text, truth) for at, (text, truth) in enumerate(pairs, 1 + header)]
    raise InputError(
        f"no column of the dataset {path} holds labels of the model",
        remedy=f"they are {', '.join(labels[:3])}, ...; or give their numbers from 0",
    )


def model_labels(bundle: Bundle) -> list[str]:
    """The labels that a classifier can give, in the order of its scores."""
    steps = bundle.manifest.stages[-1].postprocess
    options = next(dict(step.options) for step in steps if step.kind == "labels")
    return read_labels(bundle, Labels.from_json(options, "labels").file)


def _beside_a_table(path: Path, labels: Sequence[str]) -> list[Example]:
    try:
        rows = list(csv.DictReader(io.StringIO(read_text(path / TABLE)), strict=True))
    except csv.Error as error:
        raise InputError(f"{path / TABLE} is no table ({error})", remedy="separate by commas") from error
    columns = [name for name in (rows[0] if rows else ()) if name is not None]
    if FILE not in columns or any(None in row or None in row.values() for row in rows):
        raise InputError(
            f"{path / TABLE} is no table with a column {FILE!r}", remedy="separate by commas, with a line of names"
        )
    for column in columns:
        truths = _truths([row[column].strip() for row in rows], labels) if column != FILE else None
        if truths:
            pairs = zip(rows, truths, strict=True)
            return [Example(row[FILE], path / row[FILE], truth) for row, truth in pairs]
    raise InputError(
        f"no column of {path / TABLE} holds labels of the model",
        remedy=f"they are {', '.join(labels[:3])}, ...; or give their numbers from 0",
    )


def _truths(said: Sequence[str], labels: Sequence[str]) -> list[str] | None:
    """The labels, said by name or, where not all are names, by number; None where they are neither."""
    known = set(labels)
    if all(one in known for one in said):
        return list(said)
    if all(one.isdecimal() and len(one) < 10 and int(one) < len(labels) for one in said):
        return [labels[int(one)] for one in said]
    return None


def _no_tags(path: Path, tags: Sequence[str]) -> None:
    if tags:
        raise InputError(f"the dataset {path} has no tags", remedy="leave out --dataset-tag")
