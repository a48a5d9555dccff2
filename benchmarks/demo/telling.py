"""Runs commands and prints them with what they say, as a user would see them."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bundles import build, engines
from benchmarks.commands import succeed


def make(source: str | Path, bundle: Path, *options: str) -> None:
    """Build and verify a bundle."""
    manifest, done = build(source, bundle, *options)
    print(" ", " ".join(["packager build", str(source), "-o", str(bundle), *options]), f" ({done.seconds:.1f} s)")
    several = len(manifest.stages) > 1
    measured = [
        (f"{stage.name} in {hop.hop}" if several else f"{hop.hop} {hop.output}", hop)
        for stage in manifest.stages
        for hop in stage.parity
    ]
    width = max(len(name) for name, _ in measured)
    for name, hop in measured:
        print(f"    {name:{width}}  max error {hop.max_abs:.1e}, allowed {hop.tolerance:.1e}")
    show("edge", "verify", bundle)


def measure(bundle: Path, given: Path) -> None:
    """Measure it on every engine."""
    for engine in engines():
        show("edge", "bench", bundle, given, "--engine", engine)


def show(name: str, *arguments: str | Path) -> None:
    """Run a command and print it with what it says."""
    done = succeed(name, *arguments)
    print(" ", name, *arguments)
    for line in done.out.rstrip().splitlines():
        print(f"    {line}")
