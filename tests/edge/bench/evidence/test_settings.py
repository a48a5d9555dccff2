"""What a machine is and is set to, where the usual way to ask is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edge.bench.evidence.clocks import policy_clocks
from edge.bench.evidence.host import Host, UnreadableError
from edge.bench.evidence.jetson import jetson_clocks, power_mode, rails
from edge.bench.evidence.settings import cpu, settings
from tests.support.boards import board, command, write

POLICY = "sys/devices/system/cpu/cpufreq/policy{}/scaling_min_freq"


def test_without_its_tool_the_power_mode_is_in_files(tmp_path: Path) -> None:
    host = board("documented-orin", tmp_path)
    (tmp_path / "documented-orin/bin/nvpmodel").unlink()
    assert power_mode(host) == "15W"
    write(host, "var/lib/nvpmodel/status", "pmode:0001\n")
    assert power_mode(host) == "7W"


@pytest.mark.parametrize("status", ["pmode:0009", "pmode:", "garbage", ""])
def test_a_power_mode_that_nobody_defines_is_unreadable(tmp_path: Path, status: str) -> None:
    host = board("documented-orin", tmp_path)
    command(tmp_path / "documented-orin/bin", "nvpmodel", "echo 'NVPM ERROR: no root'; exit 255")
    write(host, "var/lib/nvpmodel/status", status)
    unreadable: dict[str, str] = {}
    assert settings(host, os.getpid(), unreadable).power_mode == ""
    assert "nvpmodel" in unreadable["power mode"]


def test_clocks_are_pinned_where_the_lowest_is_the_highest_everywhere(tmp_path: Path) -> None:
    host = board("documented-orin", tmp_path)
    for policy in (0, 4):
        write(host, POLICY.format(policy), "1510400\n")
    assert not jetson_clocks(host)
    write(host, "sys/class/devfreq/17000000.gpu/min_freq", "624750000\n")
    assert jetson_clocks(host)


@pytest.mark.parametrize("line", ["", "RAM 1126/7373MB SWAP 0/3668MB", "VDD_IN ?mW/?mW"])
def test_a_tegrastats_without_power_is_unreadable(tmp_path: Path, line: str) -> None:
    host = board("documented-orin", tmp_path)
    command(tmp_path / "documented-orin/bin", "tegrastats", f"echo '{line}'")
    with pytest.raises(UnreadableError, match="no power"):
        rails(host)


def test_cores_of_two_kinds_are_both_named(tmp_path: Path) -> None:
    host = Host(root=tmp_path)
    block = "processor : {}\nCPU implementer : 0x41\nCPU variant : {}\nCPU part : {}\nCPU revision : 0\n"
    cores = [block.format(0, "0x2", "0xd05"), block.format(1, "0x2", "0xd05"), block.format(2, "0x4", "0xd0b")]
    write(host, "proc/cpuinfo", "\n".join([*cores, block.format(3, "0x1", "0xfff")]))
    assert cpu(host) == "Cortex-A55 r2p0, Cortex-A76 r4p0, 0x41 0xfff r1p0"


def test_a_pc_names_its_model(tmp_path: Path) -> None:
    host = Host(root=tmp_path)
    write(host, "proc/cpuinfo", "processor\t: 0\nmodel name\t: AMD EPYC\n\nprocessor\t: 1\nmodel name\t: AMD EPYC\n")
    assert cpu(host) == "AMD EPYC"


def test_a_machine_that_tells_nothing_has_empty_settings_and_says_what_is_missing(tmp_path: Path) -> None:
    unreadable: dict[str, str] = {}
    seen = settings(Host(root=tmp_path, path=""), 0, unreadable)
    assert (seen.model, seen.cpu, seen.kernel, seen.os, seen.governors) == ("", "", "", "", {})
    assert list(unreadable) == ["cpu"]


def test_a_policy_whose_processors_are_off_is_left_out(tmp_path: Path) -> None:
    host = board("documented-orin", tmp_path)
    write(host, "sys/devices/system/cpu/cpufreq/policy4/scaling_cur_freq", "<unknown>\n")
    assert policy_clocks(host) == {"policy0": 960000}
    write(host, "sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq", "<unknown>\n")
    with pytest.raises(UnreadableError):
        policy_clocks(host)
