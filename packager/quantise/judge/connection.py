"""A script on a device, and a folder there for as long as the connection lasts.

The script makes the folder, and removes it when its standard input ends: because we are done, were killed, or the
network went. Nothing that it says is taken for more than it can be: lines and sizes are bounded, and waited for.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import tempfile
import time
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from packager.errors import DeviceError
from packager.quantise.judge.device import Device

if TYPE_CHECKING:
    from typing_extensions import Self

MARK = "edgepack:"
"""Begins the lines of the script, of which the first holds the folder and a word."""

GREETING = re.compile(rf"{MARK}(/[A-Za-z0-9_./-]{{1,200}}):(.{{0,100}})")
GREETS_WITHIN = 60.0
ENDS_WITHIN = 30.0
"""Seconds."""

MOST_NOISE = 1 << 16
"""Bytes that a login may say before the script does."""

LONGEST_LINE = 1 << 10


class Connection:
    """`folder` is the path on the device, `word` what the script said with it."""

    def __init__(self, device: Device, script: str) -> None:
        """Raises DeviceError where the device cannot be reached, or says something else."""
        self.device = device
        self._rest = b""
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 (closed with this)
        with ExitStack() as opened:
            opened.enter_context(self._words)
            # The login shell may be any: all of them know single quotes, which the script has none of.
            self._ssh = device.shell(f"exec sh -c '{script}'", self._words)
            self._to, self._from = (pipe.fileno() for pipe in (self._ssh.stdin, self._ssh.stdout) if pipe)
            opened.callback(self._end)
            self.folder, self.word = self._greeting()
            self._opened = opened.pop_all()

    def _greeting(self) -> tuple[str, str]:
        end, heard = time.monotonic() + GREETS_WITHIN, 0
        while heard < MOST_NOISE:
            line = self.line(end - time.monotonic(), most=MOST_NOISE)
            found = GREETING.fullmatch(line)
            if found and ".." not in found[1]:
                return found[1], found[2]
            heard += len(line) + 1
        raise self.strange("what no script of ours says")

    def send(self, line: str) -> None:
        """Give the script a line; raises DeviceError where it is gone."""
        try:
            os.write(self._to, f"{line}\n".encode())
        except OSError as error:
            raise self._lost() from error

    def line(self, seconds: float, *, most: int = LONGEST_LINE) -> str:
        """Its next line; raises DeviceError for one that does not come, or does not end."""
        end = time.monotonic() + seconds
        while b"\n" not in self._rest:
            if len(self._rest) > most:
                raise self.strange("a line without an end")
            self._rest += self._read(end)
        found, _, self._rest = self._rest.partition(b"\n")
        return found.decode(errors="replace")

    def exactly(self, size: int, seconds: float) -> bytes:
        """So many bytes; raises DeviceError where they do not come."""
        end = time.monotonic() + seconds
        pieces, missing = [self._rest], size - len(self._rest)
        while missing > 0:
            pieces.append(self._read(end))
            missing -= len(pieces[-1])
        whole = b"".join(pieces)
        self._rest = whole[size:]
        return whole[:size]

    def _read(self, end: float) -> bytes:
        if not select.select([self._from], [], [], max(end - time.monotonic(), 0))[0]:
            raise DeviceError(f"{self.device.address} does not answer", remedy="see what keeps it busy, and try again")
        piece = os.read(self._from, 1 << 16)
        if not piece:
            raise self._lost()
        return piece

    def strange(self, what: str) -> DeviceError:
        """The error for an answer that our script never gives."""
        return DeviceError(
            f"{self.device.address} answered with {what}",
            remedy=f"see what its shell says by itself: ssh {self.device.address} true",
        )

    def _lost(self) -> DeviceError:
        self._end()
        return self.device.error(f"there is no connection to {self.device.address}", self._words)

    def close(self) -> None:
        """Wait until the script has removed the folder; a client that does not end is killed, which ends the script."""
        self._opened.close()

    def _end(self) -> None:
        if self._ssh.returncode is not None:
            return
        with self._ssh:  # closes what it has open, and waits
            if self._ssh.stdin is not None:
                self._ssh.stdin.close()
            try:
                self._ssh.wait(ENDS_WITHIN if self._falls_silent() else 0)
            except subprocess.TimeoutExpired:
                self._ssh.kill()

    def _falls_silent(self) -> bool:
        """Pass over what it still says, so that it is not kept from ending; whether it then did."""
        end, heard = time.monotonic() + ENDS_WITHIN, 0
        while heard < MOST_NOISE and select.select([self._from], [], [], max(end - time.monotonic(), 0))[0]:
            piece = os.read(self._from, 1 << 16)
            if not piece:
                return True
            heard += len(piece)
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
