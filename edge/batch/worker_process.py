"""A worker as its employer sees it: chunks in, records out, or the news that it is no more."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, BinaryIO, cast

from edge import errors
from edge.batch.job import Job
from edge.batch.records import Record
from edge.child import child_command
from edge.errors import EdgeError, SessionError
from edge.gather import Given

FRUGAL = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": f"{1 << 18}",
    "MALLOC_TRIM_THRESHOLD_": f"{1 << 18}",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
"""What has glibc give back what a page took: a tenth less memory for pages of many sizes, and no more time.

What is taken anew comes in huge pages (glibc 2.35, where the kernel has them on request): a third of the page faults.
"""

TAIL_LINES = 3
PIECE = 1 << 16
LOADING_SECONDS = 600.0
CLOSING_SECONDS = 5.0


class WorkerLostError(SessionError):
    """A worker that crashed, was killed, or went silent; what it was reading may be to blame."""


class WorkerSilentError(WorkerLostError):
    """A worker that gave no answer in time and was killed."""


class WorkerProcess:
    """A process with a model of its own; `kind` is what its inputs are.

    `loaded` are the bytes that it had at first, `resident` those that it has now.
    """

    def __init__(self, job: Job, threads: int, share: int, pixels: int) -> None:
        """Start it and wait until its model is loaded; raises what loading raises, WorkerLostError where it dies."""
        self._process = subprocess.Popen(  # noqa: S603 (this interpreter, a module of ours)
            [*child_command("edge.batch.worker"), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=FRUGAL | os.environ,
            start_new_session=True,  # a terminal's Ctrl-C would cut off the chunk, and the engine's process
        )
        self._unread = bytearray()
        self._words: deque[str] = deque(maxlen=TAIL_LINES)
        self._listener = threading.Thread(target=_listen, args=(self._pipe("stderr"), self._words), daemon=True)
        self._listener.start()
        try:
            self._tell({"job": job.to_json(), "threads": threads, "share": share, "pixels": pixels})
            ready = self._hear(LOADING_SECONDS)
        except BaseException:
            self.kill()
            raise
        self.kind: str = ready["kind"]
        self.loaded = self.resident = int(ready["resident"])

    @property
    def process_id(self) -> int:
        """Its number."""
        return self._process.pid

    def read(self, chunk: Sequence[Given], seconds: float) -> list[Record]:
        """A record for each input; `seconds` is how long it may be silent.

        Raises WorkerLostError where it dies or is too slow, and what the engine raises. It is of no use after that.
        """
        self._tell({"names": [one.name for one in chunk], "values": [one.value for one in chunk]})
        records: list[Record] = []
        while "done" not in (reply := self._hear(seconds)):
            records.append(reply)
        self.resident = reply["resident"]
        return records

    def close(self) -> None:
        """Let it end."""
        with suppress(BrokenPipeError):
            self._pipe("stdin").close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(CLOSING_SECONDS)
        self.kill()

    def kill(self) -> int:
        """End it and its engine's process now; returns its exit code."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        self._listener.join()
        for name in ("stdin", "stdout", "stderr"):
            with suppress(BrokenPipeError):
                self._pipe(name).close()
        return code

    def _pipe(self, name: str) -> BinaryIO:
        return cast("BinaryIO", getattr(self._process, name))

    def _tell(self, request: Mapping[str, Any]) -> None:
        with suppress(BrokenPipeError):  # the next answer, which does not come, says more
            self._pipe("stdin").write(json.dumps(request).encode() + b"\n")
            self._pipe("stdin").flush()

    def _hear(self, seconds: float) -> dict[str, Any]:
        line = self._line(seconds)
        reply: dict[str, Any] = json.loads(line)
        if "message" in reply:
            kind = getattr(errors, str(reply["error"]), EdgeError)
            raise kind(reply["message"], remedy=reply["remedy"])
        return reply

    def _line(self, seconds: float) -> bytes:
        """The next line that it says."""
        end = time.monotonic() + seconds
        pipe, seen = self._pipe("stdout").fileno(), 0
        while (cut := self._unread.find(b"\n", seen)) < 0:
            seen = len(self._unread)
            if not _readable(pipe, end - time.monotonic()):
                self.kill()
                raise WorkerSilentError(f"nothing was heard for {seconds:g} s", remedy="give --timeout more seconds")
            piece = os.read(pipe, PIECE)
            if not piece:
                raise WorkerLostError(self._obituary(), remedy="see whether memory was short: dmesg, --memory")
            self._unread += piece
        line = bytes(self._unread[: cut + 1])
        del self._unread[: cut + 1]
        return line

    def _obituary(self) -> str:
        code = self.kill()
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        words = f": {' | '.join(self._words)}" if self._words else ""
        return f"the worker {how}{words}"


def _readable(pipe: int, seconds: float) -> bool:
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    return bool(waiting.poll(max(seconds, 0) * 1000))


def _listen(pipe: BinaryIO, words: deque[str]) -> None:
    for line in pipe:
        if text := line.decode(errors="replace").strip():
            words.append(text)
