"""Memory of this process and of the children that it has now (Paddle Lite's engine is one)."""

from __future__ import annotations

from pathlib import Path

ROOT = Path("/")


def peak_memory(root: Path = ROOT) -> int:
    """Bytes that were resident at the highest, of this process and its children (Paddle Lite's), added up.

    `VmHWM` and not `ru_maxrss`: that one begins with the memory of the process that started this one.
    """
    return sum(_bytes(root, process, "VmHWM") for process in _family(root))


def resident_memory(root: Path = ROOT) -> int:
    """Bytes that are resident now, of this process and the children of its session: the sampler has one of its own."""
    session = _session(root, "self")
    return sum(_bytes(root, process, "VmRSS") for process in _family(root) if _session(root, process) == session)


def _family(root: Path) -> list[str]:
    children = [child for task in (root / "proc/self/task").glob("*/children") for child in _text(task).split()]
    return ["self", *children]


def _session(root: Path, process: str) -> str:
    """The sixth field of the line, counted behind the name, which may hold spaces and brackets."""
    return "".join(_text(root / "proc" / process / "stat").rpartition(")")[2].split()[3:4])


def _bytes(root: Path, process: str, field: str) -> int:
    for line in _text(root / "proc" / process / "status").splitlines():
        words = line.split()
        if line.startswith(f"{field}:") and len(words) > 1:
            return int(words[1]) << 10
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
