"""Swap, zram and pressure, from files as kernels write them and as they do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.evidence.host import Host, UnreadableError
from edge.bench.evidence.memory import pressure, swap, zram
from edge.bench.evidence.processes import busy
from tests.support.boards import write

PRESSURE = (
    "some avg10=0.00 avg60=1.11 avg300=0.68 total=2828208\nfull avg10=0.00 avg60=0.91 avg300=0.56 total=2334731\n"
)


def test_pressure_is_the_time_in_which_some_task_waited(tmp_path: Path) -> None:
    host = Host(root=tmp_path)
    write(host, "proc/pressure/io", PRESSURE)
    assert pressure(host) == {"io": 2.828208}


@pytest.mark.parametrize("text", ["", "MemTotal: 5 kB", "SwapTotal: 5 kB", "SwapTotal:\nSwapFree: 3 kB", "SwapTotal x"])
def test_a_meminfo_without_swap_is_unreadable(tmp_path: Path, text: str) -> None:
    host = Host(root=tmp_path)
    write(host, "proc/meminfo", text)
    with pytest.raises(UnreadableError):
        swap(host)


def test_zram_adds_up_what_its_devices_store(tmp_path: Path) -> None:
    host = Host(root=tmp_path)
    write(host, "sys/block/zram0/mm_stat", "    4096       74    12288        0    12288        0        0        0")
    write(host, "sys/block/zram1/mm_stat", "8192 74 12288 0 12288 0 0 0")
    assert zram(host) == 12288


@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    host = Host(root=tmp_path_factory.mktemp("host"))
    for name, reader in (
        ("proc/meminfo", swap),
        ("proc/pressure/cpu", pressure),
        ("sys/block/zram0/mm_stat", zram),
        ("proc/stat", busy),
    ):
        write(host, name, text.encode(errors="replace").decode())
        try:
            reader(host)
        except UnreadableError as error:
            assert str(error)  # noqa: PT017 (either answer is right)
