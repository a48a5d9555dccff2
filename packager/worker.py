"""Runs one stage of the build in a process of its own.

A stage that loads torch, paddle or Paddle Lite can crash, can hold gigabytes, and must not see the network or a
token. So it is a module with `run(request: dict) -> dict`, which a child of this module calls with the request from its
standard input; the reply comes back through standard output, where no library can print. Errors of ours travel by class
name, any other exception and a crash become a WorkerError of one line; the child's traceback is its cause, for --debug.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from textwrap import shorten
from typing import Any

import edge
import packager
from edge import errors
from edge.child import child_command, child_environment, private_stdout
from edge.errors import EdgeError
from packager.errors import WorkerError
from packager.room import enough_room
from packager.sandbox import close_network, scrubbed_environment

TAIL_LINES = 6
LONGEST = 300
TRACEBACK = "Traceback (most recent call last):"
PR_SET_PDEATHSIG = 1


class ChildSaidError(Exception):
    """What the child printed or its traceback, as the cause of the error that a user reads."""


def run_worker(
    module: str,
    request: Mapping[str, Any],
    *,
    python: str = sys.executable,
    isolated: bool = False,
    cwd: Path | None = None,
) -> dict[str, Any]:
    """Run `module.run(request)` in a child and return its reply.

    `isolated` closes the network and removes tokens and the home folder from the child. Raises the child's own
    EdgeError, EnvironmentLackError where temporary files no longer fit, or WorkerError where it failed otherwise.
    """
    with enough_room(), tempfile.TemporaryDirectory(prefix="edgepack-") as scratch:
        env = scrubbed_environment(Path(scratch)) if isolated else dict(os.environ)
        if python != sys.executable:
            env = child_environment(env)
        command = child_command("packager.worker", python, packages=(edge, packager))
        done = subprocess.run(  # noqa: S603 (the command is ours, the request travels on standard input)
            [*command, module, "isolated" if isolated else "open"],
            input=json.dumps(request).encode(),
            capture_output=True,
            check=False,
            cwd=cwd,
            env=env,
        )
    # Not by the exit code: some libraries crash when their process ends, after the work is done.
    try:
        reply = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.decode(errors="replace")
        raise WorkerError(module, _how_it_ended(done.returncode), _last_words(said)) from ChildSaidError(said)
    return _unpack(module, reply)


def _unpack(module: str, reply: dict[str, Any]) -> dict[str, Any]:
    if "error" not in reply:
        return dict(reply["result"])
    cause = ChildSaidError(reply["traceback"])
    if "remedy" not in reply:
        raise WorkerError(module, reply["error"], reply["message"]) from cause
    error = EdgeError.__new__(_error_classes()[reply["error"]])
    EdgeError.__init__(error, reply["message"], remedy=reply["remedy"])
    raise error from cause


def _error_classes() -> dict[str, type[EdgeError]]:
    from packager import errors as host_errors

    found = {**vars(errors), **vars(host_errors)}
    return {name: kind for name, kind in found.items() if isinstance(kind, type) and issubclass(kind, EdgeError)}


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def _last_words(said: str) -> str:
    """The exception, where the child died of one; else its last lines, because C++ explains itself in several."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " | ".join(lines[-1:] if TRACEBACK in lines else lines[-TAIL_LINES:])


def main(arguments: list[str]) -> None:
    """Entry point of the child: MODULE isolated|open."""
    module, isolation = arguments
    # A parent that is killed cannot end its children.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if isolation == "isolated":
        close_network()
    with private_stdout() as replies:
        reply = _answer(module, json.loads(sys.stdin.buffer.read()))
        replies.write(json.dumps(reply).encode())
    sys.stderr.flush()
    # The work is done: taking a network apart object by object takes a second, and some libraries crash in it.
    os._exit(0)


def _answer(module: str, request: dict[str, Any]) -> dict[str, Any]:
    try:
        with enough_room():
            return {"result": importlib.import_module(module).run(request)}
    except EdgeError as error:
        told = {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}
        return {**told, "traceback": traceback.format_exc()}
    except Exception as error:  # noqa: BLE001 (the parent cannot see it otherwise)
        told = {"error": type(error).__name__, "message": shorten(str(error), LONGEST, placeholder="…")}
        return {**told, "traceback": traceback.format_exc()}


if __name__ == "__main__":
    main(sys.argv[1:])
