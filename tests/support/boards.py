"""Machines to read sensors from: trees made of public dumps, and copies of them that a test may change."""

from __future__ import annotations

import shutil
from pathlib import Path

from edge.bench.evidence.host import Host

BOARDS = Path(__file__).parents[1] / "fixtures/boards"
NAMES = ("documented-pi4", "documented-pi5", "documented-orin")


def board(name: str, copy: Path | None = None) -> Host:
    """The host of a documented board; with `copy` one whose files may be changed."""
    folder = BOARDS / name
    if copy is not None:
        folder = Path(shutil.copytree(folder, copy / name))
    return Host(root=folder / "root", path=f"{folder / 'bin'}:/usr/bin:/bin")


def write(host: Host, name: str, text: str) -> None:
    """Put a file below the host's root."""
    path = host.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def command(folder: Path, name: str, script: str) -> None:
    """Put a command into a folder of PATH."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
