from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from edge.bench.evidence.watch import Watch
from edge.bench.measure import measure, measure_apart
from edge.bench.plan import Plan
from edge.bench.record import Measurement
from edge.bench.scenarios.cold_start import PHASES, cold_start
from edge.bench.stop_rule import ENOUGH, INTERRUPTED, MAX_SECONDS
from edge.errors import BundleError
from tests.support.bundles import FIXTURE, copy_bundle
from tests.support.simulated_clock import SimulatedClock

PLAN = Plan(bundle=str(FIXTURE), scenario="cold-start", threads=1, min_seconds=0, min_samples=3, max_seconds=60)


@pytest.fixture(scope="module")
def measured() -> Measurement:
    return measure_apart(replace(PLAN, min_samples=1, warmup=0, watched=False))


def simulated(one: Measurement, plan: Plan, *, stop_at: int = 0) -> Measurement:
    """Processes that take 1, 2, 3, ... seconds to their first result and as long to end, on a clock of their own."""
    clock = SimulatedClock()
    asked: list[Plan] = []

    def process(told: Plan) -> Measurement:
        asked.append(told)
        number = len(asked) - 1  # the first is not counted
        clock.pass_time(2 * number)
        phases = replace(one.phases, process=0.0, imports=0.0, verify=0.0, session=0.25 * number, first=0.75 * number)
        reason = INTERRUPTED if number == stop_at and stop_at else ENOUGH
        return replace(one, phases=phases, stop=replace(one.stop, reason=reason), peak_memory=100 - number)

    done = cold_start(plan, process, clock, Watch())
    assert {(told.min_samples, told.warmup, told.watched) for told in asked} == {(1, 0, False)}
    assert len(asked) == len(done.samples) + 1
    return done


def test_samples_are_the_cold_starts_and_stages_their_phases(measured: Measurement) -> None:
    done = simulated(measured, PLAN)
    assert list(done.samples) == [1, 2, 3]
    assert list(done.ends) == [2, 6, 12]
    assert done.seconds == 12
    assert done.inputs == 3
    assert done.stages == {
        "process": (0, 0, 0),
        "imports": (0, 0, 0),
        "verify": (0, 0, 0),
        "session": (0.25, 0.5, 0.75),
        "first": (0.75, 1.5, 2.25),
    }
    assert done.peak_memory == 99
    assert done.stop.reason == ENOUGH
    assert (done.stop.min_samples, done.stop.max_seconds) == (3, 60)


def test_it_ends_after_its_time_and_when_the_user_says(measured: Measurement) -> None:
    late = simulated(measured, replace(PLAN, min_samples=99))
    assert late.stop.reason == MAX_SECONDS
    assert 60 <= late.seconds < 80
    stopped = simulated(measured, PLAN, stop_at=2)
    assert (stopped.stop.reason, stopped.samples) == (INTERRUPTED, (1, 2))


@pytest.mark.parametrize("counted", [0, 2])
def test_an_interrupt_before_a_first_result_keeps_those_before(measured: Measurement, counted: int) -> None:
    clock, number = SimulatedClock(), 0

    def process(_told: Plan) -> Measurement:
        nonlocal number
        number += 1
        if number == counted + 2:
            raise KeyboardInterrupt
        clock.pass_time(1)
        return measured

    if counted:
        done = cold_start(PLAN, process, clock, Watch())
        assert (done.stop.reason, len(done.samples), done.seconds) == (INTERRUPTED, counted, counted)
    else:
        with pytest.raises(KeyboardInterrupt):
            cold_start(PLAN, process, clock, Watch())


def test_an_interrupt_of_the_process_that_is_not_counted_ends_it(measured: Measurement) -> None:
    interrupted = replace(measured, stop=replace(measured.stop, reason=INTERRUPTED))
    with pytest.raises(KeyboardInterrupt):
        cold_start(PLAN, lambda _told: interrupted, SimulatedClock(), Watch())


def test_real_processes_have_all_phases_and_conditions() -> None:
    done = measure(replace(PLAN, min_samples=2))
    assert done.scenario == "cold-start"
    assert len(done.samples) == 2
    assert set(done.stages) == set(PHASES)
    for at, sample in enumerate(done.samples):
        assert sample == pytest.approx(sum(series[at] for series in done.stages.values()), abs=1e-6)
        assert min(series[at] for series in done.stages.values()) > 0
    assert sum(done.samples) <= done.seconds
    assert done.conditions.before is not None
    assert done.conditions.after is not None
    assert done.conditions.before.at <= 0 < done.seconds <= done.conditions.after.at + 0.05


def test_errors_of_the_first_process_are_the_answer(tmp_path: Path) -> None:
    bundle = copy_bundle(tmp_path)
    (bundle / "LICENSE").unlink()
    with pytest.raises(BundleError, match="LICENSE"):
        measure(replace(PLAN, bundle=str(bundle)))
