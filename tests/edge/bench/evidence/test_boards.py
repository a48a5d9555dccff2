"""What the sensors say of boards whose dumps were published."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from edge.bench.evidence.conditions import Reading
from edge.bench.evidence.sensors import SENSORS, read_sensors
from edge.bench.evidence.settings import settings
from edge.boards import detect_board
from tests.support.boards import NAMES, board

READINGS: dict[str, dict[str, Any]] = {
    "documented-pi4": {
        "clocks": {"policy0": 1800000, "firmware": 1800000},
        "temperatures": {"cpu-thermal": 62.3},
        "throttled": 0,
        "alarms": {"under-voltage": 0},
        "throttle_events": {},
        "swap": 31208 << 10,
        "zram": 0,
    },
    "documented-pi5": {
        "clocks": {"policy0": 2400000, "firmware": 2400000},
        "temperatures": {"cpu-thermal": 63.9},
        "throttled": 0,
        "alarms": {"under-voltage": 0},
        "throttle_events": {},
        "swap": 0,
        "zram": 0,
    },
    "documented-orin": {
        "clocks": {"policy0": 960000, "policy4": 729600},
        "temperatures": {"cpu-thermal": 52.4},
        "alarms": {"cpufreq-cpu0": 0, "cpufreq-cpu4": 0, "cpu-throttle-alert": 0, "gpu-throttle-alert": 0},
        "throttle_events": {"oc1": 0, "oc2": 0, "oc3": 1},
        "power": {"VDD_IN": 4.848, "VDD_CPU_GPU_CV": 0.685, "VDD_SOC": 1.495},
        "swap": 0,
        "zram": 6 * 4096,
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_every_sensor_of_a_documented_board_is_read(name: str) -> None:
    unreadable: dict[str, str] = {}
    assert read_sensors(board(name), unreadable) == READINGS[name]
    assert list(unreadable) == ["pressure"]
    assert "psi=1" in unreadable["pressure"]


@pytest.mark.parametrize(
    ("name", "found", "model", "cpu", "limits"),
    [
        ("documented-pi4", "rpi4", "Raspberry Pi 4 Model B Rev 1.1", "Cortex-A72 r0p3", (600000, 1800000)),
        ("documented-pi5", "rpi5", "Raspberry Pi 5 Model B Rev 1.0", "Cortex-A76 r4p1", (1000000, 2400000)),
        ("documented-orin", "jetson-orin", "NVIDIA Orin Nano Developer Kit", "Cortex-A78AE r0p1", (729600, 1510400)),
    ],
)
def test_what_a_documented_board_is_set_to(
    name: str, found: str, model: str, cpu: str, limits: tuple[int, int]
) -> None:
    unreadable: dict[str, str] = {}
    host = board(name)
    seen = settings(host, os.getpid(), unreadable)
    assert detect_board("aarch64", host.root) == found
    assert (seen.model, seen.cpu) == (model, cpu)
    assert set(seen.governors.values()) == {"ondemand"}
    assert set(seen.clock_limits.values()) == {limits}
    assert seen.kernel
    assert seen.os
    assert seen.affinity == tuple(sorted(os.sched_getaffinity(0)))
    assert (seen.power_mode, seen.jetson_clocks) == (("15W", False) if "orin" in name else ("", None))
    assert not unreadable


def test_a_reading_survives_its_json() -> None:
    reading = Reading(at=0.25, **read_sensors(board("documented-orin"), {}))
    assert Reading.from_json(reading.to_json()) == reading


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_without_sensors_names_each_of_them(name: str, tmp_path: Path) -> None:
    host = board(name, tmp_path)
    for folder in ("sys", "proc/meminfo"):
        (host.root / folder).rename(tmp_path / folder.replace("/", "-"))
    for file in (tmp_path / name / "bin").iterdir():
        file.unlink()
    unreadable: dict[str, str] = {}
    assert read_sensors(host, unreadable) == {"throttle_events": {}, "zram": 0}
    assert set(unreadable) == {sensor.name for sensor in SENSORS.values() if sensor.there(host)} - {"zram", "quota"}
    assert all(why and "\n" not in why for why in unreadable.values())
