"""Starts readers of text and talks with them: the same words with each, so that the pipe costs all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.commands import CommandError
from benchmarks.peers.readers import Lines
from benchmarks.places import ROOT
from edge.batch.worker_process import FRUGAL

PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"


@dataclass(frozen=True)
class Who:
    """A reader: one of READERS, or of OURS with a bundle."""

    name: str
    bundle: Path | None = None
    threads: int = 2

    def command(self) -> list[str]:
        """What starts it. Ours runs in the interpreter of the project, peers in theirs; the engine is one."""
        if self.bundle is None and not PEERS_PYTHON.exists():
            raise CommandError(".venv-peers is missing: run `make peers`")
        python = str(PEERS_PYTHON) if self.bundle is None else sys.executable
        given = [] if self.bundle is None else [str(self.bundle)]
        return [python, "-m", "benchmarks.peers.reader_child", self.name, str(self.threads), *given]


@dataclass(frozen=True)
class Readings:
    """What pages said, seconds of wall time for them all, and bytes of the process: now, and at most so far."""

    lines: list[Lines]
    seconds: float
    resident: int
    peak: int


class Reading:
    """A reader that is ready; made by `reading`."""

    def __init__(self, who: Who, child: subprocess.Popen[str], said: IO[bytes]) -> None:
        self._who = who
        self._child = child
        self._said = said
        self.started = self._answer()
        """Seconds until it was ready, imports apart, and its memory then."""

    def read(self, paths: Sequence[Path]) -> Readings:
        """The pages, as one task; raises CommandError where the reader died of it."""
        if self._child.stdin is None:
            raise CommandError(f"{self._who.name} takes no pages")
        self._child.stdin.write(json.dumps([str(path) for path in paths]) + "\n")
        self._child.stdin.flush()
        return Readings(**self._answer())

    def _answer(self) -> dict[str, Any]:
        answer = self._child.stdout.readline() if self._child.stdout else ""
        if not answer:
            self._said.seek(0)
            last = " ".join(self._said.read().decode(errors="replace").split())[-400:]
            raise CommandError(f"{self._who.name} ended: {last}")
        found: dict[str, Any] = json.loads(answer)
        return found


@contextmanager
def reading(who: Who) -> Iterator[Reading]:
    """The reader, until the block ends."""
    pipe = subprocess.PIPE
    worker = {} if who.bundle is None else FRUGAL  # ours is set up as a worker of `edge batch` is
    environment = {**worker, **os.environ, "OMP_NUM_THREADS": str(who.threads)}
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            who.command(), cwd=ROOT, stdin=pipe, stdout=pipe, stderr=said, text=True, encoding="utf-8", env=environment
        ) as child,
    ):
        try:
            yield Reading(who, child, said)
        except BaseException:
            child.kill()
            raise
