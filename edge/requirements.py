"""Does this machine fit what the manifest requires? Everything that is excluded is named."""

from __future__ import annotations

from edge.boards import GENERIC
from edge.errors import EnvironmentLackError
from edge.machine import Machine
from edge.manifest import Requires
from edge.versions import UNKNOWN, in_range, narrowed

WORD_BITS = 64


def check_requirements(requires: Requires, machine: Machine) -> None:
    """Raises EnvironmentLackError naming the machine, glibc, memory or board that the manifest excludes."""
    if machine.bits != WORD_BITS:
        raise EnvironmentLackError(
            f"this Python is a {machine.bits}-bit program (the kernel says {machine.machine})",
            remedy="install a 64-bit operating system",
        )
    if requires.machines and machine.machine not in requires.machines:
        raise EnvironmentLackError(
            f"the bundle is for {_either(requires.machines)}, this machine is {machine.machine}",
            remedy="build it for this machine",
        )
    if requires.glibc and not (machine.glibc and in_range(machine.glibc, f">={requires.glibc}")):
        raise EnvironmentLackError(
            f"the bundle needs glibc {requires.glibc}, this system has {machine.glibc or 'none'}",
            remedy="update the operating system",
        )
    if machine.memory_bytes and machine.memory_bytes < requires.memory_bytes:
        raise EnvironmentLackError(
            f"the bundle needs {_mebi(requires.memory_bytes)} of memory, here are {_mebi(machine.memory_bytes)}",
            remedy="use a smaller model or a board with more memory",
        )
    if requires.boards and not fits_board(machine, requires.boards):
        raise EnvironmentLackError(
            f"the bundle is for the boards {_either(requires.boards)}, this is {machine.board or 'an unknown one'}",
            remedy=f"build it with: --board {machine.board or 'arm64'}",
        )


def fits_board(machine: Machine, boards: tuple[str, ...]) -> bool:
    """Whether the machine is one of the boards; a generic board stands for all of its machine."""
    return machine.board in boards or GENERIC.get(machine.machine) in boards


def check_engine(requires: Requires, engine: str, version: str, minimum: str = "") -> None:
    """Raises EnvironmentLackError where the engine's version is outside the manifest's range or below `minimum`.

    An unknown version is no reason: whoever built an engine for a board knows what it is.
    """
    wanted = narrowed(requires.engines.get(engine, ""), minimum)
    if version != UNKNOWN and not in_range(version, wanted):
        raise EnvironmentLackError(
            f"the bundle needs {engine} {wanted}, installed is {version}",
            remedy=f'install it with: pip install "{engine}{wanted}"',
        )


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(names)


def _mebi(size: int) -> str:
    return f"{-(-size // (1 << 20))} MiB"
