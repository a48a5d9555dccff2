"""Runs a module in a child with a limit on its time and on the memory of each of its processes.

The child is `python -m packager.coverage.limits MODULE REPLY-FILE` with the request on standard input. It is not a
worker of `packager.worker`: those run one stage and trust it to end.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.errors import EnvironmentLackError

LAST_LINES = 3


@dataclass(frozen=True)
class Limits:
    """`seconds` of wall time for all, `memory_bytes` of data (heap and anonymous mappings) for each process."""

    seconds: float
    memory_bytes: int


class OverLimitError(EnvironmentLackError):
    """A child was over its limit of time, or died, as it does where memory is refused to it."""


def run_limited(module: str, request: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """What `module.run(request)` returns; raises OverLimitError where it returns nothing.

    The child leads a process group of its own, and no process of that group outlives this call.
    """
    with tempfile.TemporaryDirectory(prefix="edgepack-") as scratch:
        reply = Path(scratch) / "reply.json"
        process = subprocess.Popen(  # noqa: S603 (the command is ours, the request travels on standard input)
            [sys.executable, "-m", "packager.coverage.limits", module, str(reply)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=os.environ | {"TMPDIR": scratch},
        )
        try:
            # The child loads nothing before it has its request, so the limit holds from the start and is inherited.
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (limits.memory_bytes, limits.memory_bytes))
            _, stderr = process.communicate(json.dumps(request).encode(), timeout=limits.seconds)
        except subprocess.TimeoutExpired as error:
            raise OverLimitError(f"over the time limit of {limits.seconds:g} s", remedy="allow more time") from error
        finally:
            _end(process)
        if not reply.exists():
            raise OverLimitError(
                f"ended with code {process.returncode} at {limits.memory_bytes >> 20} MiB allowed: {_tail(stderr)}",
                remedy="allow more memory",
            )
        return dict(json.loads(reply.read_text(encoding="utf-8")))


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stderr:
        process.stderr.close()


def _tail(stderr: bytes) -> str:
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    return " | ".join(lines[-LAST_LINES:])


def main(module: str, reply: str) -> None:
    """Entry point of the child."""
    request = json.loads(sys.stdin.buffer.read())
    Path(reply).write_text(json.dumps(importlib.import_module(module).run(request)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
