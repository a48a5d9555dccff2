"""`python -m benchmarks.shows 1 2`: real weights, real tokenizer; the device's vectors are sentence-transformers'."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bundles import build, engines
from benchmarks.commands import succeed
from benchmarks.goals import Row, at_least
from benchmarks.models.packaged import minilm
from benchmarks.sentences import SENTENCES
from benchmarks.shows.issue_1.checks import gate, verified

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COSINE = 0.9999


def run(folder: Path) -> Iterator[Row]:
    """Build, verify, embed fifty sentences on every engine."""
    import numpy as np

    bundle = folder / "minilm.edge"
    manifest, _ = build(minilm(), bundle)
    yield from gate("MiniLM", manifest)
    yield verified("MiniLM", bundle)
    text = folder / "sentences.txt"
    text.write_text("\n".join(SENTENCES) + "\n", encoding="utf-8")
    expected = _reference()
    for engine in engines():
        out = folder / f"{engine}.npy"
        succeed("edge", "run", bundle, text, "--engine", engine, "--output", out)
        found = np.load(out)
        product = (found * expected).sum(1)
        cosine = product / np.linalg.norm(found, axis=1) / np.linalg.norm(expected, axis=1)
        yield at_least(f"lowest cosine of {len(found)} sentences, {engine}", float(cosine.min()), COSINE)


def _reference() -> NDArray[np.float32]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(minilm()), device="cpu")
    vectors: NDArray[np.float32] = model.encode(list(SENTENCES), show_progress_bar=False)
    return vectors
