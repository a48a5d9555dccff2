"""`python -m benchmarks.shows 1 4`: a model that was really trained, judged on images that it has not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.bundles import build, engines, labels
from benchmarks.goals import Row, at_least, equal
from benchmarks.models.digits import predict, train
from benchmarks.shows.issue_1.checks import gate, verified

TRAINED = 0.97


def run(folder: Path) -> Iterator[Row]:
    """Train, build, and count what each engine gets right."""
    digits = train(folder / "digits")
    bundle = folder / "digits.edge"
    manifest, _ = build(digits.folder, bundle)
    yield from gate("digits", manifest)
    yield verified("digits", bundle)
    torch = _accuracy(predict(digits), digits.truth)
    yield at_least(f"accuracy of torch on {len(digits.truth)} held-out digits", torch, TRAINED)
    for engine in engines():
        found = [int(label) for label in labels(bundle, engine, digits.images)]
        yield equal(f"accuracy of {engine}, equal to torch's", _accuracy(found, digits.truth), torch)


def _accuracy(found: Sequence[int], truth: Sequence[int]) -> float:
    return sum(one == right for one, right in zip(found, truth, strict=True)) / len(truth)
