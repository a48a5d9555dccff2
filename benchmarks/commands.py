"""Runs the installed commands as a user would: a process of their own, judged by exit code, output and files."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Done:
    """How a command ended, and after how many seconds."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def last_line(self) -> str:
        """The end of what it said, for a message."""
        said = (self.err.strip() or self.out.strip()).splitlines()
        return said[-1].strip() if said else "nothing was said"


class CommandError(Exception):
    """A command that had to succeed did not."""


def command(name: str, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> Done:
    """Run `edge`, `packager` or another installed command and wait for it."""
    start = time.perf_counter()
    done = subprocess.run(
        [BIN / name, *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )
    return Done(done.returncode, done.stdout, done.stderr, time.perf_counter() - start)


def succeed(name: str, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> Done:
    """Like `command`; raises CommandError with what it said where its exit code is not 0."""
    done = command(name, *arguments, environment=environment)
    if done.code != 0:
        shown = " ".join(str(argument) for argument in arguments[:3])
        raise CommandError(f"`{name} {shown} ...` gave {done.code}: {' '.join(done.err.split())[-400:]}")
    return done
