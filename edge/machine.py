"""What this machine is and may use. Every reader takes the root folder, so that tests can bring another machine's."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.boards import detect_board
from edge.records import Record

ROOT = Path("/")
NAMES = {"arm64": "aarch64", "amd64": "x86_64"}

TELLING = frozenset(
    [
        *("asimd", "asimddp", "asimdhp", "fphp", "i8mm", "bf16", "sve"),
        *("f16c", "fma", "avx2", "avx512f", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_int8"),
    ]
)
"""The instruction set extensions that choose kernels, of the hundred that `/proc/cpuinfo` names."""


@dataclass(frozen=True, kw_only=True)
class Machine(Record):
    """`machine` is the kernel's name (`aarch64`, `x86_64`), `bits` the interpreter's ELF class.

    `glibc` is empty on another C library. `memory_bytes` and `cpus` are what this process may use: control groups and
    the CPU affinity are taken into account.
    """

    machine: str
    bits: int
    glibc: str
    memory_bytes: int
    cpus: int
    features: tuple[str, ...]
    board: str


def this_machine(root: Path = ROOT) -> Machine:
    """Look at the machine that this process runs on."""
    name = os.uname().machine
    return Machine(
        machine=NAMES.get(name, name),
        bits=8 * struct.calcsize("P"),
        glibc=_glibc(),
        memory_bytes=usable_memory(root),
        cpus=usable_cpus(root),
        features=_features(root),
        board=detect_board(NAMES.get(name, name), root),
    )


def usable_cpus(root: Path = ROOT) -> int:
    """CPUs that this process may keep busy, at least 1: its affinity, and its control groups' quota rounded up."""
    count = len(os.sched_getaffinity(0))
    for text in cgroup_values(root, "cpu.max"):
        quota, _, period = text.partition(" ")
        if quota.isdigit() and period.isdigit() and int(period):
            count = min(count, -(-int(quota) // int(period)))
    return max(count, 1)


def usable_memory(root: Path = ROOT) -> int:
    """Bytes of memory that this process may use: the machine's, or less where a control group says so; 0 if unknown."""
    total = 0
    for line in _text(root / "proc/meminfo").splitlines():
        words = line.split()
        if line.startswith("MemTotal:") and len(words) > 1 and words[1].isdigit():
            total = int(words[1]) << 10
    limits = [int(text) for text in cgroup_values(root, "memory.max") if text.isdigit()]
    return min([total, *limits]) if total else min(limits, default=0)


def cgroup_values(root: Path, name: str) -> Iterator[str]:
    """The value of a version 2 control file in this process's group and all groups above it."""
    group = ""
    for line in _text(root / "proc/self/cgroup").splitlines():
        if line.startswith("0::/"):
            group = line.removeprefix("0::/")
    top = root / "sys/fs/cgroup"
    parts = [part for part in group.split("/") if part not in ("", "..")]
    for depth in range(len(parts) + 1):
        if text := _text(top.joinpath(*parts[:depth], name)).strip():
            yield text


def _features(root: Path) -> tuple[str, ...]:
    for line in _text(root / "proc/cpuinfo").splitlines():
        key, _, value = line.partition(":")
        if key.strip() in ("Features", "flags"):
            return tuple(sorted(TELLING.intersection(value.split())))
    return ()


def _glibc() -> str:
    try:
        said = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        return ""
    return said.removeprefix("glibc ")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
