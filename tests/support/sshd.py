"""An SSH server on loopback with keys of its own, for one test: the device that a host measures on.

It runs as the tests' user, takes one key for that user, and writes nothing but in the folder that it is given.
"""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from packager.quantise.judge.device import Device
from tests.support.processes import until

SERVER = "/usr/sbin/sshd"
SEPARATED = Path("/run/sshd")
"""Where a server of root's wants an empty folder."""


@dataclass(frozen=True)
class Server:
    """`config` is the client's; `scratch` is where the device makes its temporary files, `path` its PATH."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def device(self) -> Device:
        return Device("pi", ("-F", str(self.folder / "client")))

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"

    @property
    def programs(self) -> Path:
        """The first folder of its PATH."""
        return self.folder / "programs"

    def client(self, **changes: str) -> Device:
        """A client with other options."""
        found = dict(line.split(" ", 1) for line in (self.folder / "client").read_text().splitlines())
        path = self.folder / f"client-{len(list(self.folder.iterdir()))}"
        path.write_text("".join(f"{key} {value}\n" for key, value in (found | changes).items()))
        return Device("pi", ("-F", str(path)))


@contextmanager
def sshd(folder: Path, *, edge: bool = True, more: str = "") -> Iterator[Server]:
    """The server runs until the block ends; with `edge`, its PATH has this environment's. `more` configures it."""
    for name in ("host", "user", "stranger"):
        key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)]
        subprocess.run(key, check=True)
    for name in ("scratch", "programs"):
        (folder / name).mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = Path(sys.executable).parent
    path = ":".join(map(str, [folder / "programs", *([environment] if edge else []), "/usr/bin", "/bin"]))
    (folder / "server").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nPidFile none\n"
        f"AuthorizedKeysFile {folder / 'user.pub'}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        f"KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
        f'SetEnv "PATH={path}" "TMPDIR={folder / "scratch"}" "HOME={folder}" "ORT_DISABLE_TELEMETRY=1"\n{more}\n'
    )
    host = (folder / "host.pub").read_text().rsplit(" ", 1)[0]
    (folder / "known").write_text(f"[127.0.0.1]:{port} {host}\n")
    (folder / "client").write_text(
        f"Host pi\nHostName 127.0.0.1\nPort {port}\nUser {getpass.getuser()}\nIdentityFile {folder / 'user'}\n"
        f"IdentitiesOnly yes\nIdentityAgent none\nUserKnownHostsFile {folder / 'known'}\n"
        "GlobalKnownHostsFile /dev/null\nStrictHostKeyChecking ask\n"
    )
    if os.getuid() == 0:
        SEPARATED.mkdir(mode=0o755, exist_ok=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([SERVER, "-D", "-e", "-f", str(folder / "server")], stderr=log)
    try:
        until(lambda: _answers(port, process, folder / "log"))
        yield Server(folder, process)
    finally:
        process.terminate()
        process.wait()


def _answers(port: int, process: subprocess.Popen[bytes], log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False
