"""edgepack as a reader of text, through its public door."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.peers.readers import Lines, Reader
from edge.results import Document

BATCH = 8
"""As `edge batch` has it by default."""


class Edge:
    """A bundle, read as `edge.load` has it."""

    def __init__(self, threads: int, bundle: Path, engine: str = "onnxruntime") -> None:
        from edge import load

        self._model = load(bundle, engine=engine, threads=threads)

    def read(self, paths: Sequence[Path]) -> list[Lines]:
        """The lines of each page, in reading order."""
        return [_lines(document) for document in self._model.run_batch(paths, BATCH)]


def _lines(document: object) -> Lines:
    if not isinstance(document, Document):
        raise TypeError(f"the bundle reads no pages, its results are {type(document).__name__}")
    return [line.text for page in document.pages for line in page.lines]


OURS: Mapping[str, Callable[[int, Path], Reader]] = {
    "edge": Edge,
    "edge-paddlelite": lambda threads, bundle: Edge(threads, bundle, "paddlelite"),
}
"""By name, with the number of threads and the bundle."""
