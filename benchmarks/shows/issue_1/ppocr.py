"""`python -m benchmarks.shows 1 5`: models that come as Paddle programs enter the road at its middle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bundles import build
from benchmarks.goals import Row
from benchmarks.models.packaged import ppocr
from benchmarks.shows.issue_1.checks import gate, verified


def run(folder: Path) -> Iterator[Row]:
    """Build and verify each of the three."""
    for name, source in ppocr().items():
        bundle = folder / f"{name}.edge"
        manifest, _ = build(source, bundle, "--task", "tensors", "--allow-licence", "Apache-2.0")
        yield from gate(f"PP-OCRv4 {name}", manifest, programs=False)
        yield verified(f"PP-OCRv4 {name}", bundle)
