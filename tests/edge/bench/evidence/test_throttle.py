"""Bits, alarms and counters that tell whether a machine is held back."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.bench.evidence.clocks import firmware_clock
from edge.bench.evidence.host import Host, UnreadableError
from edge.bench.evidence.thermal import cooling, temperatures
from edge.bench.evidence.throttle import firmware_bits, quota, throttle, under_voltage
from tests.support.boards import board, command, write

FILE = "sys/devices/platform/soc/soc:firmware/get_throttled"


@pytest.mark.parametrize(("said", "bits"), [("0x80008", 0x80008), ("0x50005", 0x50005), ("0x0", 0)])
def test_bits_are_what_vcgencmd_says_even_where_the_kernels_file_says_zero(
    tmp_path: Path, said: str, bits: int
) -> None:
    host = board("documented-pi4", tmp_path)
    command(tmp_path / "documented-pi4/bin", "vcgencmd", f"echo throttled={said}")
    assert firmware_bits(host) == bits


def test_without_vcgencmd_the_kernels_file_is_read(tmp_path: Path) -> None:
    host = board("documented-pi4", tmp_path)
    (tmp_path / "documented-pi4/bin/vcgencmd").unlink()
    write(host, FILE, "50005\n")
    assert throttle(host)["throttled"] == 0x50005


def test_the_file_is_no_evidence_without_the_driver_that_asks_the_firmware(tmp_path: Path) -> None:
    host = board("documented-pi4", tmp_path)
    (tmp_path / "documented-pi4/bin/vcgencmd").unlink()
    write(host, "sys/class/hwmon/hwmon1/name", "cpu_thermal\n")
    with pytest.raises(UnreadableError, match="no vcgencmd"):
        throttle(host)


@pytest.mark.parametrize(
    "script",
    [
        "echo 'VCHI initialization failed'; exit 255",
        'echo "Can\'t open device file: /dev/vcio"; exit 255',
        "echo throttled=",
        "exit 1",
    ],
)
def test_a_pi_whose_firmware_cannot_be_asked_is_unreadable_and_told_what_helps(tmp_path: Path, script: str) -> None:
    host = board("documented-pi5", tmp_path)
    command(tmp_path / "documented-pi5/bin", "vcgencmd", script)
    with pytest.raises(UnreadableError, match="group video"):
        throttle(host)
    with pytest.raises(UnreadableError):
        firmware_clock(host)


def test_the_firmwares_clock_is_not_the_kernels(tmp_path: Path) -> None:
    host = board("documented-pi5", tmp_path)
    command(tmp_path / "documented-pi5/bin", "vcgencmd", "echo 'frequency(0)=2256007936'")
    assert firmware_clock(host) == {"firmware": 2256007}


def test_a_low_supply_is_an_alarm_of_the_kernels(tmp_path: Path) -> None:
    host = board("documented-pi5", tmp_path)
    write(host, "sys/class/hwmon/hwmon3/in0_lcrit_alarm", "1\n")
    assert under_voltage(host) == {"alarms": {"under-voltage": 1}}


def test_fans_hold_nobody_back_and_the_strongest_of_one_kind_counts(tmp_path: Path) -> None:
    host = board("documented-orin", tmp_path)
    write(host, "sys/class/thermal/cooling_device1/type", "cpufreq-cpu0\n")
    write(host, "sys/class/thermal/cooling_device1/cur_state", "3\n")
    assert cooling(host) == {"cpufreq-cpu0": 3, "cpu-throttle-alert": 0, "gpu-throttle-alert": 0}


def test_a_pc_counts_for_each_core(tmp_path: Path) -> None:
    host = Host(root=tmp_path, path="", machine="x86_64")
    for core, count in ((0, 3), (1, 4)):
        write(host, f"sys/devices/system/cpu/cpu{core}/thermal_throttle/core_throttle_count", str(count))
    assert throttle(host) == {"alarms": {}, "throttle_events": {"core_throttle": 7}}


def test_zones_of_one_type_are_told_apart_and_silent_ones_left_out(tmp_path: Path) -> None:
    host = Host(root=tmp_path, path="")
    for zone, kind in enumerate(("acpitz", "acpitz", "iwlwifi")):
        write(host, f"sys/class/thermal/thermal_zone{zone}/type", kind)
    write(host, "sys/class/thermal/thermal_zone0/temp", "40000")
    write(host, "sys/class/thermal/thermal_zone1/temp", "-5500")
    assert temperatures(host) == {"acpitz": 40.0, "acpitz 1": -5.5}


def test_a_containers_limit_counts_in_all_groups_above(tmp_path: Path) -> None:
    host = Host(root=tmp_path, path="")
    assert quota(host) == {}
    write(host, "proc/self/cgroup", "0::/box/inner\n")
    write(host, "sys/fs/cgroup/cpu.stat", "usage_usec 5\nuser_usec 3\n")
    write(host, "sys/fs/cgroup/box/cpu.stat", "usage_usec 5\nnr_periods 9\nnr_throttled 4\nthrottled_usec 70\n")
    write(host, "sys/fs/cgroup/box/inner/cpu.stat", "nr_periods 9\nnr_throttled 1\nnr_throttled\nnr_throttled x\n")
    assert quota(host) == {"quota": 5}
