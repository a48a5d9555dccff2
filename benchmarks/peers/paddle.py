"""Paddle's own predictor, run in a process of its own as Paddle Lite's is: so the pipe costs both the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from benchmarks.places import ROOT
from edge.engines import Array
from edge.engines.frames import read_frame, write_frame


class Paddle:
    """The `.pdmodel` in a folder, as it came."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """One inference."""
        return self.exchange({}, feeds)

    def exchange(self, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> dict[str, Array]:
        """Send a message and wait for the answer."""
        write_frame(cast("BinaryIO", self._child.stdin), header, arrays)
        return read_frame(cast("BinaryIO", self._child.stdout))[1]


@contextmanager
def paddle(folder: Path, threads: int) -> Iterator[Paddle]:
    """The predictor, until the block ends; its process closes at the end of its input."""
    command = [sys.executable, "-m", "benchmarks.peers.paddle_child"]
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=quiet) as child:
        started = Paddle(child)
        started.exchange({"folder": str(folder), "threads": threads}, {})
        yield started
