"""Starts a command and kills it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

Command = Sequence[str | Path]


def killed_after(command: Command, seconds: float, *, group: bool) -> bool:
    """Whether it was killed then, rather than done before; with `group` together with all that it has started."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return False
        if group:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        return process.wait() == -signal.SIGKILL


def killed_in_fsync(command: Command, which: int) -> bool:
    """Whether it was killed on its way into the n-th wait for the disk."""
    inject = f"inject=fsync,fdatasync:signal=SIGKILL:when={which}"
    traced = ("strace", "--quiet=all", "-o", os.devnull, "-e", "trace=fsync,fdatasync", "-e", inject, *command)
    return subprocess.run(traced, capture_output=True, check=False).returncode in (
        -signal.SIGKILL,
        128 + signal.SIGKILL,
    )
