from __future__ import annotations

import os
from pathlib import Path

import pytest

from edge.machine import this_machine, usable_cpus, usable_memory

MEMINFO = "MemTotal:        8137932 kB\nMemFree:  1 kB\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "meminfo").write_text(MEMINFO)
    (tmp_path / "proc" / "self" / "cgroup").write_text("12:cpuset:/old\n0::/system.slice/edge.service\n")
    (tmp_path / "sys/fs/cgroup/system.slice/edge.service").mkdir(parents=True)
    return tmp_path


def group(root: Path, place: str, name: str, text: str) -> None:
    (root / "sys/fs/cgroup" / place / name).write_text(text)


def test_without_limits_the_affinity_and_all_memory_count(root: Path) -> None:
    assert usable_cpus(root) == len(os.sched_getaffinity(0))
    assert usable_memory(root) == 8137932 * 1024


@pytest.mark.parametrize(
    ("quota", "cpus"), [("100000 100000", 1), ("50000 100000", 1), ("1 100000", 1), ("max 100000", 0)]
)
def test_a_cpu_quota_is_rounded_up_to_whole_threads(root: Path, quota: str, cpus: int) -> None:
    group(root, "system.slice/edge.service", "cpu.max", quota)
    assert usable_cpus(root) == (cpus or len(os.sched_getaffinity(0)))


def test_a_generous_quota_does_not_add_cpus(root: Path) -> None:
    group(root, "system.slice/edge.service", "cpu.max", "90000000 100000")
    assert usable_cpus(root) == len(os.sched_getaffinity(0))


def test_a_limit_of_any_group_above_counts(root: Path) -> None:
    group(root, "system.slice", "cpu.max", "100000 100000")
    group(root, "", "memory.max", "536870912")
    group(root, "system.slice/edge.service", "memory.max", "max")
    assert usable_cpus(root) == 1
    assert usable_memory(root) == 536870912


@pytest.mark.parametrize("text", ["", "x y", "100000", "-1 100000", "100000 0"])
def test_a_strange_quota_is_no_quota(root: Path, text: str) -> None:
    group(root, "system.slice/edge.service", "cpu.max", text)
    assert usable_cpus(root) == len(os.sched_getaffinity(0))


def test_another_machines_files_are_read_from_its_root(root: Path) -> None:
    (root / "proc" / "cpuinfo").write_text("processor : 0\nFeatures\t: fp asimd evtstrm asimddp\n")
    assert this_machine(root).features == ("asimd", "asimddp")
    assert this_machine(root).memory_bytes == 8137932 * 1024


def test_an_empty_root_gives_a_machine_without_claims(tmp_path: Path) -> None:
    found = this_machine(tmp_path)
    assert (found.memory_bytes, found.features) == (0, ())
    assert found.cpus >= 1


def test_this_machine_is_what_the_interpreter_is() -> None:
    found = this_machine()
    assert found.bits == 64
    assert found.machine in {"x86_64", "aarch64"}
    assert found.memory_bytes > 0
