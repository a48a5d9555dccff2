"""`edge batch` in a process of its own, on small bundles, and what it leaves."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

COMMAND = (sys.executable, "-c", "import sys; from edge.cli import main; sys.exit(main())", "batch")
ONE = ("--workers", "1", "--threads", "1")
WORKER = "edge.batch.worker"


def grey(folder: Path, levels: Sequence[float]) -> list[Path]:
    """Images of that mean brightness, a trace of red in each, in the order of their names."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03}.png" for number in range(len(levels))]
    for path, level in zip(paths, levels, strict=True):
        value = round(level * 255)
        Image.new("RGB", (8, 8), (value + 1, value, value) if value < 255 else (255, 255, 255)).save(path)
    return paths


@contextmanager
def batching(*arguments: str | Path, before: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
    """The running command, which is ended with the block."""
    with subprocess.Popen(
        [*before, *COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def batch(*arguments: str | Path, before: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """The command's whole run."""
    with batching(*arguments, before=before) as process:
        said, words = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, said, words)


def records(path: Path) -> list[Mapping[str, Any]]:
    """What is in the output."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def killed_at_sync(number: int) -> tuple[str, ...]:
    """What to put before a command of one worker: the kernel kills it as it begins to sync for that time."""
    # Not with --seccomp-bpf: strace 6.1 then miscounts.
    inject = f"inject=fdatasync:signal=SIGKILL:when={number}"
    return ("strace", "-qq", "-f", "-e", "trace=fdatasync", "-e", inject, "-o", "/dev/null")


def frames(journal: Path) -> int:
    """Chunks that a journal has, or 0 where there is none."""
    content = journal.read_bytes() if journal.exists() else b""
    return max(sum(line.startswith(b"#") for line in content.splitlines()) - 1, 0)
