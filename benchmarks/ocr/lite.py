"""`python -m benchmarks ocr-lite`: the text of every page by Paddle Lite and by ONNX Runtime, from one bundle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bundles import engines
from benchmarks.goals import Row, equal
from benchmarks.ocr.bundles import ppocrv4
from benchmarks.ocr.truth import truths
from benchmarks.peers.readers import Lines
from benchmarks.peers.reading import Who, reading


def rows(folder: Path) -> Iterator[Row]:
    """One row: all pages that differ are named."""
    if len(engines()) == 1:
        yield Row("an interpreter with Paddle Lite", "there is none", met=False)
        return
    bundle = ppocrv4(folder)
    ort, lite = (_read(Who(name, bundle)) for name in ("edge", "edge-paddlelite"))
    yield equal(f"pages of {len(ort)} with another text", [name for name in ort if ort[name] != lite[name]], [])


def _read(who: Who) -> dict[str, Lines]:
    pages = truths()
    with reading(who) as reader:
        return dict(zip((page.name for page in pages), reader.read([page.path for page in pages]).lines, strict=True))
