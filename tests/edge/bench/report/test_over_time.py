from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from edge.bench.evidence.conditions import Conditions
from edge.bench.record import Measurement
from edge.bench.report.figure import WIDE
from edge.bench.report.over_time import over_time, slowed
from tests.support.measurements import measurement, readings
from tests.support.pictures import Picture


def _read(**changes: Any) -> Measurement:
    done = measurement()
    return replace(done, conditions=replace(done.conditions, readings=readings(done.seconds, 10, **changes)))


def _titles(done: Measurement) -> list[str]:
    picture = Picture(over_time(done).draw(WIDE, "it"))
    return [one.text or "" for one in picture.all("text", "title")]


def test_every_kind_of_sensor_that_was_read_has_its_chart() -> None:
    assert _titles(_read()) == [
        "latency (ms)",
        "temperature (°C)",
        "clock (MHz)",
        "time in the steady phase (s)",
    ]
    done = _read(power={"VDD_IN": 9.5}, foreign_cpu=0.8)
    assert _titles(done)[3:5] == ["power (W)", "other processes (CPUs)"]
    assert over_time(done).head[-2:] == ("VDD_IN, power (W)", "others, other processes (CPUs)")
    assert over_time(done).rows[0][-2:] == ("9.5", "0.8")


def test_sensors_that_could_not_be_read_are_said() -> None:
    blind = _read(clocks={}, temperatures={}, foreign_cpu=None)
    assert _titles(blind) == ["latency (ms)", "time in the steady phase (s)"]
    assert "No temperature could be read. No clock could be read." in over_time(blind).says
    assert not over_time(blind).rows
    assert _titles(replace(blind, conditions=Conditions())) == _titles(blind)


def test_of_many_sensors_the_hottest_are_charted() -> None:
    zones = {f"zone{number}": 30.0 + number for number in range(9)}
    head = over_time(_read(temperatures=zones, clocks={})).head
    assert head[1:] == tuple(f"zone{number}, temperature (°C)" for number in (5, 6, 7, 8))


@pytest.mark.parametrize(
    "changes", [{"throttled": 0x1}, {"throttled": 0xF0008}, {"alarms": {"cooling_device0": 2}}], ids=str
)
def test_time_in_which_the_machine_was_held_back_is_shaded(changes: dict[str, Any]) -> None:
    cool, slow = readings(1.0, 10), readings(1.0, 10, **changes)
    seen = Conditions(readings=(*cool[:4], *slow[4:6], *cool[6:]))
    assert [(round(a, 6), round(b, 6)) for a, b in slowed(seen, 1.0)] == [(0.45, 0.55), (0.55, 0.65)]
    past = Conditions(readings=readings(1.0, 10, throttled=0x50000, alarms={"cooling_device0": 0}))
    assert not list(slowed(past, 1.0))


def test_a_counter_that_rises_is_shaded() -> None:
    counts = [readings(1.0, 4, throttle_events={"core": count})[place] for place, count in enumerate((7, 7, 9, 9))]
    seen = Conditions(before=replace(counts[0], at=-1.0), readings=tuple(counts))
    assert [a for a, _ in slowed(seen, 1.0)] == [counts[2].at]
