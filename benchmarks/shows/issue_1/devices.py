"""`python -m benchmarks.shows 1 9`: a bundle of a real text model, verified by the device wheel elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bundles import build
from benchmarks.goals import Row, equal
from benchmarks.models.packaged import minilm
from tests.support.devices import CORES, PYTHONS, arm64, edge_under
from tests.support.wheels import ROOT, build_wheel, unpack


def run(folder: Path) -> Iterator[Row]:
    """Build MiniLM once and verify it everywhere."""
    bundle = folder / "minilm.edge"
    build(minilm(), bundle)
    wheel = unpack(build_wheel(ROOT / "edge", folder / "wheel"), folder / "unpacked")
    for version in PYTHONS:
        done = edge_under(version, wheel, "verify", str(bundle))
        yield equal(f"edge verify under Python {version}", done.returncode, 0)
    with arm64(wheel, bundle) as root:
        for core in CORES:
            yield equal(f"edge verify on arm64, {core}", root.edge(core, "verify", "{bundle}").returncode, 0)
