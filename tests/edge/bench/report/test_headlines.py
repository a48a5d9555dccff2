from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from edge.bench.record import Measurement
from edge.bench.report.headlines import headlines
from edge.bench.report.judged import judged
from tests.support.measurements import measurement, readings, steady


def said(done: Measurement) -> dict[str, str]:
    return {line.name: line.value for line in headlines(judged(done))}


@pytest.fixture
def soaked() -> Measurement:
    """Half as fast from two thirds of its time on."""
    samples = np.array(steady(6000, 0.002, spread=0.01))
    samples[4500:] *= 2
    return measurement(samples.tolist(), scenario="sustained")


def test_a_soak_says_what_is_left_and_since_when(soaked: Measurement) -> None:
    found = said(soaked)
    assert float(found["speed kept"].rstrip("%")) == pytest.approx(50, abs=2)
    assert float(found["slower after"].removesuffix(" s")) == pytest.approx(9, abs=0.5)
    assert "held back after" not in found


def test_a_soak_says_when_the_sensors_told_of_it(soaked: Measurement) -> None:
    cool, slow = readings(soaked.seconds), readings(soaked.seconds, throttled=0x4)
    half = len(cool) // 2
    told = replace(soaked, conditions=replace(soaked.conditions, readings=(*cool[:half], *slow[half:])))
    assert said(told)["held back after"].endswith(" s")


def test_a_machine_that_stays_cool_is_never_slower() -> None:
    found = said(measurement(steady(6000, 0.002, spread=0.01), scenario="sustained"))
    assert found["slower after"] == "never"
    assert float(found["speed kept"].rstrip("%")) > 98


def test_other_scenarios_say_nothing_of_it_and_a_short_one_that_it_cannot() -> None:
    assert "speed kept" not in said(measurement(steady(6000, 0.002)))
    assert said(measurement(steady(12, 0.002), scenario="sustained"))["speed kept"] == "n/a"


def test_cold_starts_are_called_so() -> None:
    assert "median cold start" in said(measurement(steady(12, 0.4), scenario="cold-start"))
