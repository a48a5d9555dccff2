"""What several items ask of a bundle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bundles import engines, hops
from benchmarks.commands import command
from benchmarks.goals import Row, equal
from edge.manifest import Manifest

# Each engine's own Paddle program is compared too: a lowering may be right and its legalised form wrong.
HOPS_PER_ENGINE = 2


def gate(name: str, manifest: Manifest) -> Iterator[Row]:
    """Every hop within its tolerance, and none missing."""
    measured = hops(manifest)
    for hop in measured:
        found = f"{hop.max_abs:.2g} of {hop.tolerance:.2g} allowed, batches {', '.join(map(str, hop.batches))}"
        yield Row(f"{name}, {hop.hop}, {hop.output}", found, hop.max_abs <= hop.tolerance)
    names = {hop.hop for hop in measured}
    missing = [engine for engine in engines() if not any(engine in one for one in names)]
    enough = len(names) >= HOPS_PER_ENGINE * len(engines())
    yield Row(f"{name}, hops for every engine", f"{', '.join(sorted(names))}", enough and not missing)


def verified(name: str, bundle: Path) -> Row:
    """`edge verify` is content."""
    done = command("edge", "verify", bundle)
    return equal(f"{name}, exit code of edge verify", done.code, 0)
