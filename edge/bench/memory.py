"""Peak memory of this process and of the children that it has now."""

from __future__ import annotations

from pathlib import Path

ROOT = Path("/")


def peak_memory(root: Path = ROOT) -> int:
    """Bytes that were resident at the highest, of this process and its children (Paddle Lite's), added up.

    `VmHWM` and not `ru_maxrss`: that one begins with the memory of the process that started this one.
    """
    children = [child for task in (root / "proc/self/task").glob("*/children") for child in _text(task).split()]
    return sum(_high_water(root / "proc" / process / "status") for process in ["self", *children])


def _high_water(status: Path) -> int:
    for line in _text(status).splitlines():
        words = line.split()
        if line.startswith("VmHWM:") and len(words) > 1:
            return int(words[1]) << 10
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
