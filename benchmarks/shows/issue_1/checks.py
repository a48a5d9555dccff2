"""What several items ask of a bundle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bundles import engines, hops
from benchmarks.commands import command
from benchmarks.goals import Row, equal
from edge.manifest import Manifest


def gate(name: str, manifest: Manifest, *, programs: bool = True) -> Iterator[Row]:
    """Every hop within its tolerance, and none missing.

    `programs`: each engine's own Paddle program is a hop too, since a lowering may be right and its legalised form
    wrong. A Paddle model has none: there the program is the reference.
    """
    measured = hops(manifest)
    for hop in measured:
        found = f"{hop.max_abs:.2g} of {hop.tolerance:.2g} allowed, batches {', '.join(map(str, hop.batches))}"
        yield Row(f"{name}, {hop.hop}, {hop.output}", found, hop.max_abs <= hop.tolerance)
    expected = {*engines(), *(f"paddle for {engine}" for engine in engines() if programs)}
    names = {hop.hop for hop in measured}
    yield Row(f"{name}, every hop was measured", ", ".join(sorted(names)), expected <= names)


def verified(name: str, bundle: Path) -> Row:
    """`edge verify` is content."""
    done = command("edge", "verify", bundle)
    return equal(f"{name}, exit code of edge verify", done.code, 0)
