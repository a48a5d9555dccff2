"""Devices without a board: other Pythons with the device's libraries, and an arm64 root under qemu.

`.ci/setup-python` and `.ci/setup-arm64` make them; `make test` and `make shows` call both.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.wheels import ROOT

ARM64_ROOT = ROOT / "build" / "arm64-root"

# The cores of Pi 3, Pi 4 and Pi 5: ONNX Runtime's kernels are chosen by core.
CORES = ("cortex-a53", "cortex-a72", "cortex-a76")
# A core with the processor that it is lent: without dot products of bytes, and with them.
INT8_CORES = (("cortex-a53", ""), ("cortex-a72", "documented-pi4"), ("cortex-a76", "documented-pi5"))
BOARDS = Path(__file__).parents[1] / "fixtures" / "boards"
PYTHONS = ("3.10", "3.11", "3.12", "3.13")

COMMAND = """
import sys
sys.path.insert(0, {folder!r})
sys.argv[1:] = {arguments!r}
from edge.cli import main
main()
"""

# The root with a /proc and a /sys that hold nothing but a board's processor, by which kernels are chosen. Mounts are
# those of this process alone, and end with it.
AS_BOARD = """
set -e
root=$1; view=$2; cpuinfo=$3; shift 3
mount -t tmpfs tmpfs "$view"
for entry in "$root"/*; do
  name="$view/${entry##*/}"
  if [ -L "$entry" ]; then cp -P "$entry" "$name"; continue; fi
  if [ -d "$entry" ]; then mkdir "$name"; else : > "$name"; fi
  mount --bind "$entry" "$name"
done
mkdir -p "$view/proc" "$view/sys/devices/system/cpu"
cp "$cpuinfo" "$view/proc/cpuinfo"
for list in possible present; do echo 0-3 > "$view/sys/devices/system/cpu/$list"; done
exec chroot "$view" "$@"
"""


def python_of(version: str) -> Path:
    """The interpreter of a version; raises FileNotFoundError naming what makes it."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return Path(sys.executable)
    python = ROOT / "build" / "pythons" / version / "bin" / "python"
    if not python.exists():
        raise FileNotFoundError(f"{python} is missing; run .ci/setup-python {version}")
    return python


def edge_under(version: str, wheel: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command `edge` of an unpacked wheel under another Python."""
    script = COMMAND.format(folder=str(wheel), arguments=arguments)
    # -I: neither the working folder nor PYTHONPATH may lend it this tree.
    command = [str(python_of(version)), "-I", "-B", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Arm64:
    """The arm64 root with a wheel, a bundle and other files in a folder of its own, `work`."""

    work: Path
    bundle: str

    def edge(self, core: str, *arguments: str, board: str = "") -> subprocess.CompletedProcess[str]:
        """The command `edge` on an emulated core; in an argument `{bundle}` is the bundle's path there, `{work}` that
        of the folder where it lies. `board`, a folder of `tests/fixtures/boards`, lends it `/proc/cpuinfo`.
        """
        inside = Path("/") / self.work.relative_to(ARM64_ROOT)
        filled = tuple(one.format(bundle=inside / self.bundle, work=inside) for one in arguments)
        script = COMMAND.format(folder=str(inside / "wheel"), arguments=filled)
        return _enter(core, script, home=inside, board=board)


def on_arm64(core: str, script: str, *files: Path, board: str = "") -> subprocess.CompletedProcess[str]:
    """A script of Python on an emulated core, its arguments copies of these files there; `board` as in `Arm64.edge`."""
    work = _workshop()
    try:
        arguments = [Path("/") / (work / file.name).relative_to(ARM64_ROOT) for file in files]
        for file in files:
            shutil.copy(file, work)
        return _enter(core, script, *map(str, arguments), home=Path("/") / work.relative_to(ARM64_ROOT), board=board)
    finally:
        shutil.rmtree(work)


def _enter(core: str, script: str, *arguments: str, home: Path, board: str = "") -> subprocess.CompletedProcess[str]:
    inside = ["/qemu", "-cpu", core, "/usr/bin/python3", "-I", "-B", "-c", script, *arguments]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "ORT_DISABLE_TELEMETRY": "1"}
    alone = [] if os.geteuid() == 0 else ["--map-root-user"]
    with tempfile.TemporaryDirectory(prefix="board-") as view:
        if board:
            cpuinfo = BOARDS / board / "root" / "proc" / "cpuinfo"
            enter = ["unshare", *alone, "--mount", "sh", "-c", AS_BOARD, "sh", str(ARM64_ROOT), view, str(cpuinfo)]
        else:
            # The host's /proc and /sys stay out of the root: ONNX Runtime crashes under qemu where it sees them.
            enter = [*(["unshare", *alone] if alone else []), "chroot", str(ARM64_ROOT)]
        return subprocess.run([*enter, *inside], capture_output=True, text=True, check=False, env=environment)


def _workshop() -> Path:
    """A new folder in the root; raises FileNotFoundError where there is no root."""
    if not ARM64_ROOT.exists():
        raise FileNotFoundError(f"{ARM64_ROOT} is missing; run .ci/setup-arm64")
    return Path(tempfile.mkdtemp(dir=ARM64_ROOT / "tmp"))


@contextmanager
def arm64(wheel: Path, bundle: Path, *files: Path) -> Iterator[Arm64]:
    """Lend the arm64 root an unpacked wheel, a bundle and files; raises FileNotFoundError where there is no root."""
    work = _workshop()
    try:
        shutil.copytree(wheel, work / "wheel")
        shutil.copytree(bundle, work / bundle.name)
        for file in files:
            shutil.copy(file, work)
        yield Arm64(work, bundle.name)
    finally:
        shutil.rmtree(work)
