"""Where sensors are read: a root folder with /proc and /sys, and a place where commands are found."""

from __future__ import annotations

import os
import selectors
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path("/")
COMMAND_SECONDS = 3.0
MOST_BYTES = 1 << 16


class UnreadableError(Exception):
    """A sensor that cannot be read; the message says why, and what would help."""


@dataclass(frozen=True, kw_only=True)
class Host:
    """`path` is where commands are searched, as in the variable PATH; None is that variable's."""

    root: Path = ROOT
    path: str | None = None
    machine: str = os.uname().machine

    def text(self, name: str) -> str:
        """The stripped text of a file below the root; raises UnreadableError, as for a sleeping sensor's `EAGAIN`."""
        try:
            with (self.root / name).open("rb") as file:
                return file.read(MOST_BYTES).decode(errors="replace").strip(" \t\r\n\0")
        except OSError as error:
            raise UnreadableError(f"/{name}: {error.strerror}") from error

    def number(self, name: str) -> int:
        """The whole number in a file; raises UnreadableError."""
        text = self.text(name)
        try:
            return int(text, 0)
        except ValueError as error:
            raise UnreadableError(f"/{name} holds {text[:40]!r}, no number") from error

    def match(self, pattern: str) -> Iterator[str]:
        """Names below the root that match, the numbers in them in order."""
        found = (path.relative_to(self.root).as_posix() for path in self.root.glob(pattern))
        return iter(sorted(found, key=lambda name: (len(name), name)))

    def run(self, *command: str, lines: int | None = None) -> str:
        """What the command says; with `lines` only so many, then it is ended. Raises UnreadableError."""
        program = shutil.which(command[0], path=self.path)
        if program is None:
            raise UnreadableError(f"there is no {command[0]}")
        try:
            with (
                subprocess.Popen(  # noqa: S603 (a program of the system, no shell)
                    [program, *command[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
                ) as process
            ):
                said = _listen(process, command[0], lines)
                if lines is not None:
                    process.kill()
        except OSError as error:
            raise UnreadableError(f"{command[0]}: {error.strerror}") from error
        if lines is None and process.returncode:
            raise UnreadableError(f"{' '.join(command)}: {said.strip() or f'ended with {process.returncode}'}")
        return said

    @cached_property
    def compatible(self) -> str:
        """The device tree's strings, most telling first; empty where there is none."""
        try:
            return self.text("proc/device-tree/compatible").replace("\0", " ")
        except UnreadableError:
            return ""

    @cached_property
    def raspberry(self) -> bool:
        """Whether this is a Raspberry Pi; containers hide the device tree, but not the line in /proc/cpuinfo."""
        if "raspberrypi," in self.compatible:
            return True
        try:
            return "Raspberry Pi" in self.text("proc/cpuinfo").rpartition("Model")[2]
        except UnreadableError:
            return False

    @cached_property
    def jetson(self) -> bool:
        """Whether this is a Jetson."""
        return "nvidia,tegra" in self.compatible


def _listen(process: subprocess.Popen[bytes], name: str, lines: int | None) -> str:
    stdout = process.stdout
    if stdout is None:
        return ""
    said, until = b"", time.monotonic() + COMMAND_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        while len(said) < MOST_BYTES and (lines is None or said.count(b"\n") < lines):
            if not selector.select(max(0.0, until - time.monotonic())):
                process.kill()
                raise UnreadableError(f"{name} says nothing for {COMMAND_SECONDS:.0f} s")
            chunk = os.read(stdout.fileno(), 4096)
            if not chunk:
                break
            said += chunk
    return said.decode(errors="replace")
