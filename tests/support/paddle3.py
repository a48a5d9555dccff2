"""Small real models in Paddle 3's format."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHILD = Path(__file__).with_name("paddle3_child.py")


def write_paddle3(name: str, folder: Path) -> Path:
    """Write `inference.json` and `inference.pdiparams` of one of the child's networks, and return the folder."""
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, CHILD, name, folder / "inference"], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    return folder
