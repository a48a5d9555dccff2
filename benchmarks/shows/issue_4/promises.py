"""`python -m benchmarks.shows 4 9`: bad images have one record each, results validate against their schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.shows.suites import run_suites

SUITES: Mapping[str, str] = {
    "bad images: empty, cut off, bombs, CMYK, 16 bits, EXIF, misnamed": "tests/edge/batch/test_image_corpus.py",
    "a batch under kills, signals, full disks and inputs that are poison": "tests/edge/batch/test_survival.py",
    "a folder that is watched": "tests/edge/batch/test_watch.py",
    "hOCR and ALTO are valid, whatever was read": "tests/edge/formats/test_formats.py",
    "pdftotext finds the words of a searchable PDF where they are drawn": "tests/edge/formats/test_pdf.py",
    "overlays, in Chinese too": "tests/edge/formats/test_overlay.py",
}


def run(folder: Path) -> Iterator[Row]:
    """Run the tests that hold it."""
    yield from run_suites(SUITES, folder)
