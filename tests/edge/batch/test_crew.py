from __future__ import annotations

import pytest

from edge.batch.crew import Limits, limits
from edge.errors import InputError
from edge.machine import Machine

GIBI = 1 << 30
MEBI = 1 << 20


def machine(*, memory: int, cpus: int) -> Machine:
    return Machine(machine="aarch64", bits=64, glibc="2.36", memory_bytes=memory, cpus=cpus, features=(), board="")


def given(found: Limits) -> tuple[int, int, int]:
    return found.workers, found.threads, found.share // MEBI


def test_cores_are_shared_out() -> None:
    assert given(limits(machine(memory=8 * GIBI, cpus=4), seconds=1)) == (4, 1, 1524)
    assert given(limits(machine(memory=8 * GIBI, cpus=4), workers=2, seconds=1)) == (2, 2, 3048)
    assert given(limits(machine(memory=8 * GIBI, cpus=1), workers=3, seconds=1)) == (3, 1, 2032)
    assert limits(machine(memory=8 * GIBI, cpus=4), workers=2, threads=4, seconds=1).threads == 4


def test_a_small_board_has_fewer_workers() -> None:
    assert given(limits(machine(memory=1 * GIBI, cpus=4), seconds=1)) == (3, 1, 240)
    assert given(limits(machine(memory=512 * MEBI, cpus=4), seconds=1)) == (1, 4, 336)
    assert given(limits(machine(memory=8 * GIBI, cpus=4), memory=600 * MEBI, seconds=1)) == (2, 2, 276)


def test_a_machine_that_does_not_tell_its_memory_has_no_limit() -> None:
    assert given(limits(machine(memory=0, cpus=2), seconds=1)) == (2, 1, 0)


@pytest.mark.parametrize(("memory", "workers"), [(100, 0), (600, 3)])
def test_too_little_memory_is_said(memory: int, workers: int) -> None:
    with pytest.raises(InputError, match="workers need"):
        limits(machine(memory=GIBI, cpus=4), memory=memory * MEBI, workers=workers, seconds=1)
