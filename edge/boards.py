"""The boards that bundles are built for, and which of them this is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MEBI = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Board:
    """A kind of device; where there are several sizes, `cores` and `memory_bytes` are the smallest's.

    `features` are the instruction set extensions that matter for int8 and fp16 kernels, named as the kernel does in
    `/proc/cpuinfo` (`asimddp` is dot product); `core` is the CPU core, as QEMU names it; `compatible` are device-tree
    strings, of which one is enough.
    """

    id: str
    title: str
    machine: str
    core: str
    cores: int
    features: tuple[str, ...]
    memory_bytes: int
    compatible: tuple[str, ...]


BOARDS: dict[str, Board] = {
    board.id: board
    for board in (
        Board(
            id="rpi-zero2w",
            title="Raspberry Pi Zero 2 W",
            machine="aarch64",
            core="cortex-a53",
            cores=4,
            features=(),
            memory_bytes=512 * MEBI,
            compatible=("raspberrypi,model-zero-2-w",),
        ),
        Board(
            id="rpi3",
            title="Raspberry Pi 3",
            machine="aarch64",
            core="cortex-a53",
            cores=4,
            features=(),
            memory_bytes=1024 * MEBI,
            compatible=(
                "raspberrypi,3-model-b",
                "raspberrypi,3-model-b-plus",
                "raspberrypi,3-model-a-plus",
                "brcm,bcm2837",
            ),
        ),
        Board(
            id="rpi4",
            title="Raspberry Pi 4",
            machine="aarch64",
            core="cortex-a72",
            cores=4,
            features=(),
            memory_bytes=1024 * MEBI,
            compatible=("raspberrypi,4-model-b", "raspberrypi,400", "brcm,bcm2711"),
        ),
        Board(
            id="rpi5",
            title="Raspberry Pi 5",
            machine="aarch64",
            core="cortex-a76",
            cores=4,
            features=("asimddp", "asimdhp", "fphp"),
            memory_bytes=1024 * MEBI,
            compatible=("raspberrypi,5-model-b", "raspberrypi,500", "brcm,bcm2712"),
        ),
        Board(
            id="jetson-orin",
            title="NVIDIA Jetson Orin",
            machine="aarch64",
            core="cortex-a78ae",
            cores=6,
            features=("asimddp", "asimdhp", "fphp"),
            memory_bytes=4096 * MEBI,
            compatible=("nvidia,tegra234",),
        ),
        Board(
            id="arm64",
            title="any 64-bit Arm board",
            machine="aarch64",
            core="cortex-a53",
            cores=1,
            features=(),
            memory_bytes=512 * MEBI,
            compatible=(),
        ),
        Board(
            id="x86-64",
            title="any 64-bit PC",
            machine="x86_64",
            core="qemu64",
            cores=1,
            features=(),
            memory_bytes=512 * MEBI,
            compatible=(),
        ),
    )
}

GENERIC = {"aarch64": "arm64", "x86_64": "x86-64"}
"""The board that stands for every board of a machine."""


def detect_board(machine: str, root: Path = Path("/")) -> str:
    """The id of the running board, a generic one where the device tree names none that is known, empty elsewhere.

    Containers hide the device tree; there the line `Model` of Raspberry Pi's `/proc/cpuinfo` is read.
    """
    compatible = _compatible(root)
    for board in BOARDS.values():
        if board.machine == machine and compatible & set(board.compatible):
            return board.id
    model = _model(root)
    for board in BOARDS.values():
        if board.machine == machine and board.compatible and model.startswith(board.title):
            return board.id
    return GENERIC.get(machine, "")


def _compatible(root: Path) -> set[str]:
    try:
        return set((root / "proc/device-tree/compatible").read_bytes().decode(errors="replace").split("\0"))
    except OSError:
        return set()


def _model(root: Path) -> str:
    try:
        lines = (root / "proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.partition(":")[0].strip() == "Model"), "")
