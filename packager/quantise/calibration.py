"""Which inputs ranges are taken from, and which others candidates are judged on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from edge.bench.accuracy.dataset import Example
from edge.bench.accuracy.labelled import model_labels
from edge.bundle import Bundle
from edge.digests import sha256_file
from edge.errors import InputError
from edge.tasks import OCR
from packager.progress import note
from packager.quantise.examples import read_examples

MOST_CALIBRATED = 128
"""Ranges hardly change with more, and each method goes through all of them."""
MOST_HELD_OUT = 1000
FEWEST = 20
FEWEST_PAGES = 2
"""A page has many lines."""
ENOUGH_FOR_ALL = 4
"""So many inputs for each of a model's labels, on average, should have every label among them."""


@dataclass(frozen=True)
class CalibrationSet:
    """Two parts without a common input, and the SHA-256 over both."""

    calibrate: tuple[Example, ...]
    held_out: tuple[Example, ...]
    digest: str

    @property
    def labelled(self) -> bool:
        """Whether there is a truth to judge by; else only fp32 can be agreed with."""
        return bool(self.held_out[0].truth)


@dataclass(frozen=True)
class _Told:
    """An example with the digest of its contents, and a place in an order that the seed decides."""

    example: Example
    contents: str
    place: str


def open_calibration(path: Path | None, bundle: Bundle, seed: int) -> CalibrationSet:
    """Read the set and split it; the same files and seed give the same parts, wherever they lie.

    At most half is calibrated on, with all labels alike. An input that is there twice counts once. Raises InputError
    where there are too few, or where a label is missing that so many should have.
    """
    examples = read_examples(path, bundle)
    told = _unlike(_tell(example, seed) for example in examples)
    what = f"the calibration set {path}" if path else "the bundle's own pages"
    if len(told) < len(examples):
        note("quantise", f"{what} holds {len(examples) - len(told)} inputs twice; they count once")
    fewest = FEWEST_PAGES if bundle.manifest.task == OCR else FEWEST
    if len(told) < fewest:
        raise InputError(
            f"{what} has {len(told)} different inputs, at least {fewest} are needed",
            remedy="give more: half of them are held out, to judge by",
        )
    if told[0].example.truth and bundle.manifest.task.endswith("-classification"):
        _check_labels(what, told, bundle)
    ordered = _labels_in_turn(told)
    count = min(MOST_CALIBRATED, len(ordered) // 2)
    left = sorted(ordered[count:], key=lambda one: one.place)
    return CalibrationSet(
        calibrate=tuple(one.example for one in ordered[:count]),
        held_out=tuple(one.example for one in left[:MOST_HELD_OUT]),
        digest=_digest(told),
    )


def _tell(example: Example, seed: int) -> _Told:
    given = example.given
    try:
        contents = (
            sha256_file(given.resolve()) if isinstance(given, Path) else hashlib.sha256(str(given).encode()).hexdigest()
        )
    except OSError as error:
        raise InputError(f"{given} cannot be read ({error})", remedy="take it out of the calibration set") from error
    return _Told(example, contents, hashlib.sha256(f"{seed}\0{contents}".encode()).hexdigest())


def _unlike(told: Iterable[_Told]) -> list[_Told]:
    return list({one.contents: one for one in told}.values())


def _check_labels(what: str, told: Sequence[_Told], bundle: Bundle) -> None:
    labels = model_labels(bundle)
    found = Counter(one.example.truth for one in told)
    missing = [label for label in labels if label not in found]
    if not missing:
        return
    named = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
    if len(told) < ENOUGH_FOR_ALL * len(labels):
        note("quantise", f"{what} has no input for {len(missing)} of {len(labels)} labels ({named})")
        return
    raise InputError(
        f"{what} has no input with the label {named}", remedy="add some: nothing would be known of these labels"
    )


def _labels_in_turn(told: Sequence[_Told]) -> list[_Told]:
    """One of each label, then the next one of each: every beginning has all labels alike."""
    by_label = sorted(told, key=lambda one: (one.example.truth, one.place))
    ranked = [
        (rank, one.place, one)
        for _, same in groupby(by_label, key=lambda one: one.example.truth)
        for rank, one in enumerate(same)
    ]
    return [one for _, _, one in sorted(ranked, key=lambda entry: entry[:2])]


def _digest(told: Sequence[_Told]) -> str:
    """Of contents and truths, not of where files lie."""
    whole = hashlib.sha256()
    for one in sorted(told, key=lambda one: one.contents):
        whole.update(f"{one.contents}\0{one.example.truth}\n".encode(errors="surrogateescape"))
    return whole.hexdigest()
