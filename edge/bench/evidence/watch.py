"""The measured process's side of the sampler: start it, begin, end, and take what it saw."""

from __future__ import annotations

import json
import os
import select
import subprocess
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from edge.bench.evidence.conditions import Conditions, Reading
from edge.bench.evidence.host import ROOT
from edge.child import child_command
from edge.errors import EdgeError

if TYPE_CHECKING:
    from typing_extensions import Self

SECONDS = 1.0
PATIENCE = 15.0


class Watch:
    """Samples this machine while this process measures itself; never stops a measurement.

    Without a sampler the conditions say so: `unreadable` then holds the entry `sampler`.
    """

    def __init__(
        self, interval: float = SECONDS, root: Path = ROOT, path: str | None = None, *, families: bool = False
    ) -> None:
        """With `families`, what is measured are processes that this one starts, one after the other."""
        self._order = {
            "root": str(root),
            "path": path,
            "measured": os.getpid(),
            "interval": interval,
            "families": families,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._problem = "it was not started"

    def __enter__(self) -> Self:
        """Start the sampler, before what is measured begins."""
        try:
            self._process = subprocess.Popen(  # noqa: S603 (this interpreter, a module of ours)
                [*child_command("edge.bench.evidence.sampler"), json.dumps(self._order)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # so that Ctrl-C reaches what is measured, and not this
            )
            self._problem = "it ended early"
        except OSError as error:
            self._problem = f"it could not be started ({error.strerror})"
        return self

    def begin(self) -> None:
        """Take the reading before the steady phase; returns when it is taken."""
        try:
            process = self._process
            if process and process.stdin and process.stdout:
                process.stdin.write(b".")
                process.stdin.flush()
                if select.select([process.stdout], [], [], PATIENCE)[0]:
                    process.stdout.readline()
        except OSError as error:
            self._problem = f"it ended early ({error.strerror})"

    def end(self, start: float) -> Conditions:
        """Take the reading after the steady phase; `start` is when that began, in seconds of `time.monotonic`."""
        if self._process is None:
            return Conditions(unreadable={"sampler": self._problem})
        try:
            said, _ = self._process.communicate(timeout=PATIENCE)
            seen = Conditions.from_json(json.loads(said))
        except subprocess.TimeoutExpired:
            return Conditions(unreadable={"sampler": f"it said nothing for {PATIENCE:.0f} s"})
        except (OSError, ValueError, EdgeError):
            return Conditions(unreadable={"sampler": self._problem})
        return replace(
            seen,
            before=_from(seen.before, start),
            after=_from(seen.after, start),
            readings=tuple(replace(one, at=one.at - start) for one in seen.readings),
        )

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the sampler, if it has not ended."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


def _from(reading: Reading | None, start: float) -> Reading | None:
    return replace(reading, at=reading.at - start) if reading else None
