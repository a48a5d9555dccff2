"""Where things lie in this checkout, and how they are shown: relative to it, so that no machine's folders get out."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
RESULTS = ROOT / "benchmarks" / "results"


def shown(text: str) -> str:
    """The text with every path of this checkout relative to it."""
    return text.replace(f"{ROOT}/", "")


def evaluation_data() -> Path:
    """The folder of `EDGEPACK_DATA`, or the one beside the checkout."""
    return Path(os.environ.get("EDGEPACK_DATA") or ROOT.parent / "shared" / "data")
