"""Paddle Lite in a child of `EDGEPACK_LITE_PYTHON`, for interpreters that have no wheel of it.

The engine aborts its process on what it does not like; here only the child dies, and its last words are in the error.
"""

from __future__ import annotations

import os
import subprocess
import threading
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from edge import errors
from edge.child import child_command, child_environment
from edge.engines.base import Array, Asked
from edge.engines.feeds import FeedCheck
from edge.engines.frames import read_frame, write_frame
from edge.errors import EdgeError, SessionError
from edge.manifest import TensorSpec

VARIABLE = "EDGEPACK_LITE_PYTHON"
TAIL_LINES = 4
CLOSING_SECONDS = 5
PROBE_SECONDS = 60

# It imports what the child will: metadata alone would call a broken installation sound.
PROBE = "import importlib.metadata as m, numpy; from paddlelite import lite; print(m.version('paddlelite'))"


def interpreter() -> str:
    """The interpreter that has Paddle Lite; raises SessionError where none is named."""
    found = os.environ.get(VARIABLE, "")
    if not found:
        raise SessionError(
            "Paddle Lite is not installed in this interpreter and no other is named",
            remedy=f"set {VARIABLE} to a Python 3.10 with paddlelite (edgepack[paddlelite]), or use onnxruntime",
        )
    return found


def version() -> str:
    """Paddle Lite's version in the child's interpreter; raises SessionError where it has none."""
    return _version(interpreter())


@cache
def _version(python: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 (the user names the interpreter)
            [python, "-c", PROBE],
            capture_output=True,
            text=True,
            check=False,
            timeout=PROBE_SECONDS,
            cwd="/",
            env=child_environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SessionError(f"{VARIABLE}: {python} does not start ({error})", remedy=f"correct {VARIABLE}") from error
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise SessionError(
            f"{VARIABLE}: {python} has no paddlelite that works ({last})",
            remedy="name a Python 3.10 with paddlelite and numpy<2 (edgepack[paddlelite])",
        )
    return done.stdout.strip().rpartition("\n")[2]


class LiteProcess:
    """A `Session` in a child; calls from several threads take turns."""

    def __init__(
        self, path: Path, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...], asked: Asked
    ) -> None:
        self.inputs = inputs
        self._check = FeedCheck(inputs)
        self.outputs = outputs
        self._path = path
        self._lock = threading.Lock()
        self._closed = False
        python = interpreter()
        try:
            self._child = subprocess.Popen(  # noqa: S603 (the user names the interpreter)
                child_command("edge.engines.lite_child", python),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=child_environment() | {"OMP_NUM_THREADS": str(asked.threads)},
            )
        except OSError as error:
            raise SessionError(
                f"{VARIABLE}: {python} does not start ({error})", remedy=f"correct {VARIABLE}"
            ) from error
        self._words: deque[str] = deque(maxlen=TAIL_LINES)
        # The thread must not hold this object, or a forgotten session would never be collected.
        self._listener = threading.Thread(target=_listen, args=(self._pipe("stderr"), self._words), daemon=True)
        self._listener.start()
        # Also when the session is forgotten, or the interpreter ends while it is open.
        self._end = weakref.finalize(self, _end, self._child, self._listener)
        request = {
            "path": str(path.resolve()),
            "inputs": [spec.to_json() for spec in inputs],
            "outputs": [spec.to_json() for spec in outputs],
            "threads": asked.threads,
            "strict": asked.strict,
        }
        try:
            reply, _ = self._exchange(request, {})
            self.threads = int(reply["threads"])
        except EdgeError:
            self.close()
            raise

    @property
    def process_id(self) -> int:
        """The child's."""
        return self._child.pid

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """See `Session.run`."""
        checked = self._check(feeds)
        with self._lock:
            if self._closed:
                raise SessionError(f"{self._path.name}: the session is closed")
            return self._exchange({}, checked)[1]

    def bind(self, feeds: Mapping[str, Array]) -> Callable[[], dict[str, Array]]:
        """See `Session.bind`."""
        return partial(self.run, dict(self._check(feeds)))

    def close(self) -> None:
        """End the child: it leaves at the end of its input, and is killed where it does not."""
        with self._lock:
            self._closed = True
            self._end()

    def _pipe(self, name: str) -> BinaryIO:
        return cast("BinaryIO", getattr(self._child, name))

    def _exchange(
        self, header: Mapping[str, Any], arrays: Mapping[str, Array]
    ) -> tuple[Mapping[str, Any], dict[str, Array]]:
        try:
            write_frame(self._pipe("stdin"), header, arrays)
            reply, outputs = read_frame(self._pipe("stdout"))
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            code = self._child.wait()
            self._listener.join()
            raise SessionError(
                f"{self._path.name}: Paddle Lite's process ended with {code}: {' | '.join(self._words)}",
                remedy="run: edge verify; then use another engine",
            ) from error
        except BaseException:
            # A message was left halfway (Ctrl-C): the next answer would be this one's.
            self._closed = True
            self._child.kill()
            self._end()
            raise
        if "error" in reply:
            kind = getattr(errors, str(reply["error"]), SessionError)
            raise kind(reply["message"], remedy=reply["remedy"])
        return reply, outputs


def _listen(pipe: BinaryIO, words: deque[str]) -> None:
    for line in pipe:
        if text := line.decode(errors="replace").strip():
            words.append(text)


def _end(child: subprocess.Popen[bytes], listener: threading.Thread) -> None:
    pipes = [cast("BinaryIO", pipe) for pipe in (child.stdin, child.stdout, child.stderr)]
    _close_quietly(pipes[0])
    try:
        child.wait(CLOSING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    listener.join()
    for pipe in pipes[1:]:
        _close_quietly(pipe)


def _close_quietly(pipe: BinaryIO) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return
