"""A device as the system's SSH client reaches it: with its keys, known hosts and configuration, and no questions."""

from __future__ import annotations

import re
import resource
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from edge.cli.application import plain
from edge.errors import InputError
from packager.errors import DeviceError, ToolError

ADDRESS = re.compile(r"([A-Za-z0-9_][A-Za-z0-9_.-]*@)?([A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Za-z:.%]+\])")
"""`user@host`, or `[2001:db8::1]`: nothing that could be an option or a command."""

OPTIONS = (
    *("-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"),
    *("-o", "ClearAllForwardings=yes", "-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "PermitLocalCommand=no"),
)
"""Nobody is asked for a password or a key, and the device gets nothing of ours to use."""

REMEDIES = (
    ("REMOTE HOST IDENTIFICATION HAS CHANGED", "find out why before you trust its new key"),
    ("Host key verification failed", "connect once by hand, to check and keep its key: ssh {address}"),
    ("Permission denied", "give it your public key: ssh-copy-id {address}"),
    ("Could not resolve", "check the name, or give it an address in ~/.ssh/config"),
    ("Connection refused", "start its SSH server; another port goes into ~/.ssh/config"),
    ("edge: not found", "install edgepack-device there"),
)
OTHER_REMEDY = "check that it is on and in this network: ssh {address}"
LONGEST = 300
MOST_WORDS = 1 << 20
"""Bytes that a client may write into a file: what the device says on standard error goes into one."""


@dataclass(frozen=True)
class Device:
    """`address` is `user@host`; `options` go to ssh and scp before it (`-F FILE`). Raises InputError for another."""

    address: str
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not ADDRESS.fullmatch(self.address):
            raise InputError(
                f"{self.address!r} is no user@host", remedy="a port or a key for it goes into ~/.ssh/config"
            )

    def shell(self, command: str, words: IO[bytes]) -> subprocess.Popen[bytes]:
        """A command that runs there, its standard error in `words`; raises ToolError where there is no client."""
        host = self.address.replace("[", "").replace("]", "")  # brackets are scp's
        return self._start("ssh", [*OPTIONS, "-T", *self.options, "--", host, command], words)

    def copy(self, source: Path, target: str) -> None:
        """Copy a file or folder to a path there; raises DeviceError."""
        with tempfile.TemporaryFile() as words:
            arguments = [*OPTIONS, "-q", "-r", *self.options, "--", str(source.absolute()), f"{self.address}:{target}"]
            with self._start("scp", arguments, words) as scp:
                scp.communicate()
            if scp.returncode:
                raise self.error(f"{source.name} could not be copied to {self.address}", words)

    def error(self, what: str, words: IO[bytes]) -> DeviceError:
        """What the client said as an error with its remedy."""
        words.seek(0)
        said = words.read(MOST_WORDS).decode(errors="replace")
        lines = [line.strip(" @\r") for line in said.splitlines() if line.strip(" @\r")]
        found = next(((line, remedy) for key, remedy in REMEDIES for line in lines if key in line), None)
        line, remedy = found or (lines[-1] if lines else "nothing was said", OTHER_REMEDY)
        return DeviceError(f"{what} ({plain(line)[:LONGEST]})", remedy=remedy.format(address=self.address))

    @staticmethod
    def _start(program: str, arguments: Sequence[str], words: IO[bytes]) -> subprocess.Popen[bytes]:
        try:
            client = subprocess.Popen(  # noqa: S603 (the system's client; the address is checked, the command ours)
                [program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words
            )
        except OSError as error:
            raise ToolError(
                f"{program} cannot be run ({error.strerror})", remedy="install OpenSSH's client (openssh-client)"
            ) from error
        with suppress(ProcessLookupError):
            resource.prlimit(client.pid, resource.RLIMIT_FSIZE, (MOST_WORDS, MOST_WORDS))
        return client
