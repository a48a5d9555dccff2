"""Runs one stage of the build in a process of its own.

A stage that loads torch, paddle or Paddle Lite can crash, can hold gigabytes, and must not see the network or a
token. So it is a module with `run(request: dict) -> dict`, started as `python -m packager.worker MODULE` with the
request as JSON on standard input; the reply comes back through a file. Errors of ours travel by class name, a crash
becomes a WorkerError that quotes the last lines of standard error.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edge import errors
from edge.errors import EdgeError
from packager.errors import WorkerError
from packager.sandbox import close_network, scrubbed_environment

TAIL_LINES = 6


def run_worker(
    module: str,
    request: Mapping[str, Any],
    *,
    python: str = sys.executable,
    isolated: bool = False,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Run `module.run(request)` in a child and return its reply.

    `isolated` closes the network and removes tokens and the home folder from the child. Raises the child's own
    EdgeError, or WorkerError where it died.
    """
    with tempfile.TemporaryDirectory(prefix="edgepack-") as scratch:
        reply = Path(scratch) / "reply.json"
        env = scrubbed_environment(Path(scratch)) if isolated else dict(os.environ)
        root = str(Path(__file__).resolve().parent.parent)
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [root, env.get("PYTHONPATH", "")]))
        env |= environment or {}
        command = [python, "-m", "packager.worker", module, str(reply), "isolated" if isolated else "open"]
        done = subprocess.run(  # noqa: S603 (the command is ours, the request travels on standard input)
            command, input=json.dumps(request).encode(), capture_output=True, check=False, cwd=cwd, env=env
        )
        if not reply.exists():
            raise WorkerError(module, _how_it_ended(done.returncode), _tail(done.stderr))
        return _unpack(json.loads(reply.read_text(encoding="utf-8")))


def _unpack(reply: dict[str, Any]) -> dict[str, Any]:
    if "error" not in reply:
        return dict(reply["result"])
    kind = _error_classes().get(reply["error"], EdgeError)
    error = EdgeError.__new__(kind)
    EdgeError.__init__(error, reply["message"], remedy=reply["remedy"])
    raise error


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


def _tail(stderr: bytes) -> str:
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    return " | ".join(lines[-TAIL_LINES:])


def main(arguments: list[str]) -> None:
    """Entry point of the child: MODULE REPLY-FILE isolated|open."""
    module, reply_name, isolation = arguments
    if isolation == "isolated":
        close_network()
    request = json.loads(sys.stdin.buffer.read())
    try:
        reply = {"result": importlib.import_module(module).run(request)}
    except EdgeError as error:
        reply = {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}
    Path(reply_name).write_text(json.dumps(reply), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
