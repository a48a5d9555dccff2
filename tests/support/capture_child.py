"""Runs the capture stage in this process, as its child would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packager.capture import child


def run(source: Path, folder: Path, **changes: Any) -> dict[str, Any]:
    """The reply for `source` with the usual request, but for `changes`; `folder` is made."""
    folder.mkdir()
    request = {
        "task": "auto",
        "engines": [],
        "shape": {},
        "real": "",
        "seed": 0,
        "memory_limit": 0,
        "part": "",
        **changes,
    }
    return child.run({"source": str(source), "folder": str(folder), **request})
