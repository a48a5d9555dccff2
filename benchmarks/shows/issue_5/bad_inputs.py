"""`python -m benchmarks.shows 5 3`: what cannot be calibrated on is refused, and nothing half-written is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bundles import build
from benchmarks.goals import Row
from benchmarks.models.digits import train
from benchmarks.places import ROOT
from benchmarks.shows.refusals import refusals
from tests.support.bad_inputs import QUANTISING_IMAGES, QUANTISING_TENSORS, Materials

TENSORS = ROOT / "tests" / "fixtures" / "format-1.edge"


def run(folder: Path) -> Iterator[Row]:
    """Tensors of every kind, then pictures for a classifier of digits."""
    for name in ("tensors", "images"):
        (folder / name).mkdir()
    yield from refusals(QUANTISING_TENSORS, Materials(folder / "tensors", bundle=TENSORS))
    digits = train(folder / "digits")
    bundle = folder / "digits.edge"
    build(digits.folder, bundle)
    yield from refusals(QUANTISING_IMAGES, Materials(folder / "images", digits.folder, bundle, digits.images[0]))
