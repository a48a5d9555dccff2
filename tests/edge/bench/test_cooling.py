from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pytest

from edge.bench.cooling import AS_COOL_AS_IT_GETS, BLIND, COOL, MOST, Cooling
from tests.support.simulated_clock import SimulatedClock


def cooling(
    heat: Callable[[float], Mapping[str, float]], *, target: float | None = None, most: float = 600.0
) -> tuple[Cooling, SimulatedClock]:
    clock = SimulatedClock()
    return Cooling(lambda: heat(clock.moment), clock, target=target, most=most), clock


def falling(start: float, room: float, seconds: float) -> Callable[[float], Mapping[str, float]]:
    """A zone that was at room temperature at 0, hot from 1 s on, and cools as Newton says."""
    return lambda now: {"cpu": room if now < 1 else room + (start - room) * math.exp(-(now - 1) / seconds)}


def test_the_first_wait_ends_at_once_and_later_ones_when_it_is_as_cool_again() -> None:
    slow, clock = cooling(falling(80, 40, 60))
    first = slow.wait()
    assert (first.seconds, first.reason, first.hottest) == (0, COOL, 40)
    clock.pass_time(1)
    later = slow.wait()
    assert later.reason == COOL
    assert later.seconds == pytest.approx(60 * math.log(40 / 2), abs=1.5)
    assert later.hottest is not None
    assert later.hottest <= 42


def test_a_target_may_be_given() -> None:
    slow, clock = cooling(falling(80, 40, 60), target=58)
    clock.pass_time(1)
    assert slow.wait().seconds == pytest.approx(60 * math.log(40 / 20), abs=1.5)


def test_every_zone_counts() -> None:
    slow, clock = cooling(lambda now: {"cpu": 40.0, "gpu": 40.0 if now < 1 else max(40.0, 100.0 - now)})
    slow.wait()
    clock.pass_time(10)
    assert slow.wait().seconds == pytest.approx(48, abs=1)


def test_it_ends_where_it_gets_no_cooler() -> None:
    slow, clock = cooling(falling(80, 40, 60), target=20)
    clock.pass_time(1)
    found = slow.wait()
    assert found.reason == AS_COOL_AS_IT_GETS
    assert found.seconds < 400
    assert found.hottest == pytest.approx(40, abs=1)


def test_it_ends_after_its_time() -> None:
    slow, clock = cooling(falling(90, 20, 1000), target=20, most=100)
    clock.pass_time(1)
    found = slow.wait()
    assert found.reason == MOST
    assert found.seconds == pytest.approx(100, abs=1)


def test_without_a_thermometer_it_does_not_wait() -> None:
    blind, clock = cooling(lambda _now: {})
    assert blind.wait().reason == BLIND
    assert blind.wait().hottest is None
    assert clock.moment == 0
