"""Runs a command under strace and says where it went: over the network, to a resolver, into the home folder."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SYSCALLS = "trace=%network,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat"
REMOTE = re.compile(r"\b(?:connect|sendto|sendmsg|sendmmsg)\(.*sa_family=AF_INET")
LOOPBACK = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "::1"')
LOOKUP = re.compile(r'"(?:/etc/resolv\.conf|/etc/hosts|/var/run/nscd/socket|/run/systemd/resolve/[^"]*)"')
# glibc looks for this daemon when it asks who the user is, too; where none listens, no name was looked up.
NO_DAEMON = re.compile(r"nscd.* = -1 ENOENT")
WRITES = re.compile(r"\b(?:creat|mkdir|mkdirat|rename\w*|link|linkat|symlink|symlinkat)\(|O_WRONLY|O_RDWR|O_CREAT")

# Variables that change what a library does by itself; onnxruntime reports nothing where it sees CI.
QUIETING = ("ORT_", "XDG_", "CI")


@dataclass(frozen=True)
class Trace:
    """The lines of a trace that tell of something forbidden, the command's output, and what HOME held afterwards."""

    returncode: int
    output: str
    connections: tuple[str, ...]
    lookups: tuple[str, ...]
    writes_to_home: tuple[str, ...]
    home_after: tuple[str, ...]


def trace(command: Sequence[str | Path], scratch: Path, environment: Mapping[str, str]) -> Trace:
    """Run the command with an empty HOME in the scratch folder; raises FileNotFoundError where strace is missing."""
    home = scratch / "home"
    home.mkdir()
    log = scratch / "strace.log"
    cleared = {name: value for name, value in os.environ.items() if not name.startswith(QUIETING)}
    done = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-qq", "-s", "4096", "-e", SYSCALLS, "-o", log, *command],
        env={**cleared, **environment, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return Trace(
        returncode=done.returncode,
        output=done.stdout + done.stderr,
        connections=tuple(line for line in lines if REMOTE.search(line) and not LOOPBACK.search(line)),
        lookups=tuple(line for line in lines if LOOKUP.search(line) and not NO_DAEMON.search(line)),
        writes_to_home=tuple(line for line in lines if f'"{home}' in line and WRITES.search(line)),
        home_after=tuple(sorted(str(path.relative_to(home)) for path in home.rglob("*"))),
    )
