"""`make demo`: two models on their whole way, from a Hugging Face folder to answers and times."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from benchmarks.bundles import build, engines, hops
from benchmarks.commands import CommandError, succeed
from benchmarks.models.digits import train
from benchmarks.models.packaged import minilm
from benchmarks.places import BUILD, shown
from edge.manifest import Manifest

FOLDER = BUILD / "demo"
TEXTS = ("A small board runs the model.", "The model runs on a small computer.", "It rained all afternoon.")


def main() -> int:
    """Tell the story of each model; exit code 1 where a step fails."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.chdir(FOLDER)  # so that the commands that are shown are short, and work there
    if len(engines()) == 1:
        print("There is no Python 3.10 for Paddle Lite here, so .nb artifacts are left out.\n")
    try:
        _sentences()
        _digits()
    except CommandError as error:
        print(f"\ndemo: {error}", file=sys.stderr)
        return 1
    print(f"\nAll of it lies in {shown(str(FOLDER))}; with .venv/bin on PATH the commands work there.")
    return 0


def _sentences() -> None:
    print("all-MiniLM-L6-v2: sentences to vectors")
    source, bundle, text, vectors = map(Path, ("all-MiniLM-L6-v2", "minilm.edge", "sentences.txt", "vectors.npy"))
    shutil.copytree(minilm(), source, dirs_exist_ok=True)
    _build(source, bundle)
    text.write_text("\n".join(TEXTS) + "\n", encoding="utf-8")
    _show("edge", "run", bundle, text, "--output", vectors, "--force")
    import numpy as np

    found = np.load(vectors)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    for other, likeness in zip(TEXTS[1:], found[1:] @ found[0], strict=True):
        print(f"    {likeness:6.3f}  {TEXTS[0]!r} and {other!r}")
    _bench(bundle, text)


def _digits() -> None:
    print("\nA classifier of handwritten digits, trained now on scikit-learn's set")
    for name in ("digits", "digits-images"):
        shutil.rmtree(name, ignore_errors=True)
    digits = train(Path("digits"))
    bundle = Path("digits.edge")
    _build(digits.folder, bundle)
    _show("edge", "run", bundle, *digits.images[:3], "--top-k", "2")
    _bench(bundle, digits.images[0])


def _build(source: Path, bundle: Path) -> None:
    manifest, done = build(source, bundle)
    print(f"  packager build {source} -o {bundle}  ({done.seconds:.1f} s)")
    _print_hops(manifest)
    _show("edge", "verify", bundle)


def _print_hops(manifest: Manifest) -> None:
    measured = hops(manifest)
    width = max(len(f"{hop.hop} {hop.output}") for hop in measured)
    for hop in measured:
        name = f"{hop.hop} {hop.output}"
        print(f"    {name:{width}}  max error {hop.max_abs:.1e}, allowed {hop.tolerance:.1e}")


def _bench(bundle: Path, given: Path) -> None:
    for engine in engines():
        _show("edge", "bench", bundle, given, "--engine", engine)


def _show(name: str, *arguments: str | Path) -> None:
    """Run a command and print it with what it says."""
    done = succeed(name, *arguments)
    print(" ", name, *arguments)
    for line in done.out.rstrip().splitlines():
        print(f"    {line}")


if __name__ == "__main__":
    os.environ["TQDM_DISABLE"] = "1"  # bars of libraries would run through the rows
    sys.exit(main())
