from __future__ import annotations

import pytest

from edge.batch.crew import Asked, Limits, limits
from edge.errors import InputError
from edge.machine import Machine

GIBI = 1 << 30
MEBI = 1 << 20


def machine(*, memory: int, cpus: int) -> Machine:
    return Machine(machine="aarch64", bits=64, glibc="2.36", memory_bytes=memory, cpus=cpus, features=(), board="")


def given(found: Limits) -> tuple[int, int, int]:
    return found.workers, found.threads, found.share // MEBI


def test_cores_are_shared_out() -> None:
    assert given(limits(machine(memory=8 * GIBI, cpus=4), "embed", Asked())) == (4, 1, 1524)
    assert given(limits(machine(memory=8 * GIBI, cpus=4), "embed", Asked(workers=2))) == (2, 2, 3048)
    assert given(limits(machine(memory=8 * GIBI, cpus=1), "embed", Asked(workers=3))) == (3, 1, 2032)
    assert limits(machine(memory=8 * GIBI, cpus=4), "embed", Asked(workers=2, threads=4)).threads == 4


def test_a_small_board_has_fewer_workers() -> None:
    assert given(limits(machine(memory=1 * GIBI, cpus=4), "embed", Asked())) == (3, 1, 240)
    assert given(limits(machine(memory=512 * MEBI, cpus=4), "embed", Asked())) == (1, 4, 336)
    assert given(limits(machine(memory=8 * GIBI, cpus=4), "embed", Asked(memory=600 * MEBI))) == (2, 2, 276)


def test_a_machine_that_does_not_tell_its_memory_has_no_limit() -> None:
    assert given(limits(machine(memory=0, cpus=2), "embed", Asked())) == (2, 1, 0)


@pytest.mark.parametrize(("memory", "workers"), [(100, 0), (600, 3)])
def test_too_little_memory_is_said(memory: int, workers: int) -> None:
    with pytest.raises(InputError, match="workers need"):
        limits(machine(memory=GIBI, cpus=4), "embed", Asked(memory=memory * MEBI, workers=workers))


def test_one_reader_of_pages_keeps_four_cores_busy() -> None:
    assert given(limits(machine(memory=8 * GIBI, cpus=4), "ocr", Asked())) == (1, 4, 6096)
    assert given(limits(machine(memory=8 * GIBI, cpus=6), "ocr", Asked())) == (2, 3, 3048)


def test_the_pixels_of_a_page_follow_from_the_memory_that_is_given() -> None:
    board = machine(memory=1 * GIBI, cpus=2)
    assert limits(board, "ocr", Asked()).pixels == 0
    assert limits(board, "ocr", Asked(memory=600_000_000)).pixels >= 40_000_000
    assert 10_000_000 > limits(board, "ocr", Asked(workers=2, memory=600_000_000)).pixels > 1_000_000
