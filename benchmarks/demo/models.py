"""Two other models: sentences to vectors, and a classifier of images."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.demo.telling import make, measure, show
from benchmarks.models.digits import train
from benchmarks.models.packaged import minilm

TEXTS = ("A small board runs the model.", "The model runs on a small computer.", "It rained all afternoon.")


def tell() -> None:
    """Build, verify, run and measure each."""
    _sentences()
    _digits()


def _sentences() -> None:
    print("all-MiniLM-L6-v2: sentences to vectors")
    source, bundle, text, vectors = map(Path, ("all-MiniLM-L6-v2", "minilm.edge", "sentences.txt", "vectors.npy"))
    shutil.copytree(minilm(), source, dirs_exist_ok=True)
    make(source, bundle)
    text.write_text("\n".join(TEXTS) + "\n", encoding="utf-8")
    show("edge", "run", bundle, text, "--output", vectors, "--force")
    import numpy as np

    found = np.load(vectors)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    for other, likeness in zip(TEXTS[1:], found[1:] @ found[0], strict=True):
        print(f"    {likeness:6.3f}  {TEXTS[0]!r} and {other!r}")
    measure(bundle, text)


def _digits() -> None:
    print("\nA classifier of handwritten digits, trained now on scikit-learn's set")
    for name in ("digits", "digits-images"):
        shutil.rmtree(name, ignore_errors=True)
    digits = train(Path("digits"))
    bundle = Path("digits.edge")
    make(digits.folder, bundle)
    show("edge", "run", bundle, *digits.images[:3], "--top-k", "2")
    measure(bundle, digits.images[0])
