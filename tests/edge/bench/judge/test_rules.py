"""Every rule: a measurement that it alone objects to, and that is VALID without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.evidence.conditions import Conditions, Reading
from edge.bench.judge import INVALID, RULES, UNSTABLE, VALID, Finding, Judgement, judge
from edge.bench.judge.finding import VERDICTS
from edge.bench.record import Measurement
from edge.bench.server_load import Server
from edge.bench.statistics.summary import summarise
from edge.bench.stop_rule import INTERRUPTED
from tests.support.latencies import processes
from tests.support.measurements import PI5, measurement, steady


def judged(done: Measurement, without: str = "") -> Judgement:
    return judge(done, summarise(done), {name: rule for name, rule in RULES.items() if name != without})


def quiet(**changes: Any) -> Measurement:
    """A measurement on a Raspberry Pi 5 that nothing speaks against."""
    done = measurement(**changes)
    return seen(done, before=calm(-0.01), after=calm(done.seconds + 0.01))


def calm(at: float) -> Reading:
    return Reading(at=at, clocks={"policy0": 1_500_000}, throttled=0, swap=0, foreign_cpu=0.0)


def seen(done: Measurement, **changes: Any) -> Measurement:
    """The same measurement under other conditions."""
    return replace(done, conditions=replace(done.conditions, **changes))


def during(place: int, **changes: Any) -> Measurement:
    """One reading of the steady phase that differs; a negative place is counted from the last."""
    done = quiet()
    readings = list(done.conditions.readings)
    readings[place] = replace(readings[place], **changes)
    return seen(done, readings=tuple(readings))


def throughout(**changes: Any) -> Measurement:
    done = quiet()
    return seen(done, readings=tuple(replace(one, **changes) for one in done.conditions.readings))


def framed(before: dict[str, Any], after: dict[str, Any]) -> Measurement:
    done = quiet()
    return seen(done, before=replace(calm(-0.01), **before), after=replace(calm(done.seconds), **after))


def clocked(*clocks: dict[str, int]) -> Measurement:
    done = quiet()
    return seen(
        done,
        readings=tuple(replace(one, clocks=clocks[n % len(clocks)]) for n, one in enumerate(done.conditions.readings)),
    )


def stopped(**changes: Any) -> Measurement:
    done = quiet()
    return replace(done, stop=replace(done.stop, **changes))


SERVER = Server(rate=50.0, bound=0.05, percentile=0.99, seed=0, holds=False, arrivals=())

CASES: dict[str, tuple[str, Callable[[], Measurement], str]] = {
    "interrupted": (INVALID, lambda: stopped(reason=INTERRUPTED), "interrupted after"),
    "few-samples": (INVALID, lambda: stopped(min_samples=662 + 662), "700 samples, 1324 are needed"),
    "short": (INVALID, lambda: stopped(min_seconds=30.0), "30.0 s were asked for"),
    "other-threads": (INVALID, lambda: quiet(threads=2), "4 threads, 2 were asked for"),
    "bound": (INVALID, lambda: quiet(server=SERVER), "50 queries a second are not answered within 50 ms"),
    "throttled": (INVALID, lambda: during(7, throttled=0x4), "the firmware says: throttled"),
    "alarm": (INVALID, lambda: during(7, alarms={"under-voltage": 1, "cpufreq-cpu0": 0}), "under-voltage reached 1"),
    "throttle-events": (
        UNSTABLE,
        lambda: framed({"throttle_events": {"oc1": 0, "oc3": 5}}, {"throttle_events": {"oc1": 0, "oc3": 12}}),
        r"throttled 7 times \(oc3\)",
    ),
    "unknown-throttling": (
        UNSTABLE,
        lambda: seen(quiet(), unreadable={"throttle": "there is no vcgencmd"}),
        "vcgencmd",
    ),
    "clock-range": (UNSTABLE, lambda: clocked({"policy0": 2_400_000}, {"policy0": 2_200_000}), "2200 to 2400 MHz"),
    "capped-clock": (
        UNSTABLE,
        lambda: clocked({"policy0": 2_400_000, "firmware": 1_500_000}),
        "1500 MHz where the kernel asked for 2400",
    ),
    "governor": (UNSTABLE, lambda: seen(quiet(), governors={"policy0": "powersave"}), "policy0 is powersave"),
    "spread": (UNSTABLE, lambda: quiet(samples=steady(700, spread=0.12)), "of the median apart"),
    "drift": (UNSTABLE, lambda: quiet(samples=drifting(0.06)), "6% slower"),
    "alike": (UNSTABLE, lambda: quiet(samples=clinging()), "follow their neighbours"),
    "foreign-load": (UNSTABLE, lambda: throughout(foreign_cpu=0.5), r"0\.\d+ CPUs busy"),
    "pressure": (
        UNSTABLE,
        lambda: framed({"pressure": {"memory": 3.0, "cpu": 1.0}}, {"pressure": {"memory": 3.5, "cpu": 1.0}}),
        "waited for memory",
    ),
    "swap": (UNSTABLE, lambda: during(3, swap=31208 << 10), "30.5 MiB are in swap"),
    "crowded": (UNSTABLE, lambda: quiet(threads=8, threads_got=8), "8 threads share 4 CPUs"),
    "sampler-cost": (UNSTABLE, lambda: seen(quiet(), sampler_cost=0.07), "7% of one CPU"),
}


def drifting(share: float) -> tuple[float, ...]:
    """Its last third is slower than the first by that share, in a step so small that nothing else is noticed."""
    samples = steady(700)
    return (*samples[:400], *(one * (1 + share) for one in samples[400:]))


def clinging() -> tuple[float, ...]:
    """Each sample nearly repeats the one before, and none is far from the median."""
    return tuple((0.002 + 0.000008 * next(processes(0.995, 700, 1))).tolist())


def test_a_quiet_measurement_is_valid_and_without_findings() -> None:
    assert judged(quiet()) == Judgement(verdict=VALID, findings=())


@pytest.mark.parametrize("name", CASES)
def test_a_rule_alone_decides_its_case_and_nobody_sees_it_without_the_rule(name: str) -> None:
    level, case, reason = CASES[name]
    done = case()
    found = judged(done)
    assert (found.verdict, {one.rule for one in found.findings}) == (level, {name})
    assert re.search(reason, found.findings[0].reason)
    assert judged(done, without=name) == Judgement(verdict=VALID, findings=())


def test_every_rule_has_its_case_but_the_one_that_lowers_no_verdict() -> None:
    assert {name: level for name, (level, *_) in CASES.items()} == {
        rule.id: rule.level for rule in RULES.values() if rule.level != VALID
    }


def test_other_unreadable_sensors_are_worth_knowing_and_no_more() -> None:
    done = seen(quiet(), unreadable={"pressure": "psi=1 would turn it on"})
    found = judged(done)
    assert (found.verdict, [one.rule for one in found.findings]) == (VALID, ["unreadable"])
    assert judged(done, without="unreadable").findings == ()


@pytest.mark.parametrize("name", CASES)
def test_every_finding_has_a_reason_and_a_remedy_of_one_line(name: str) -> None:
    for found in judged(CASES[name][1]()).findings:
        assert found.reason
        assert found.remedy
        assert "\n" not in found.reason + found.remedy


@pytest.mark.parametrize("bit", [0, 1, 2, 3])
def test_bits_of_now_and_new_bits_of_since_boot_are_throttling(bit: int) -> None:
    now, new = during(-1, throttled=1 << bit), framed({"throttled": 0}, {"throttled": 1 << bit + 16})
    for done in (now, new, framed({"throttled": 0}, {"throttled": 1 << bit})):
        assert judged(done).verdict == INVALID


def test_bits_of_since_boot_that_were_there_before_say_nothing_of_the_run() -> None:
    done = framed({"throttled": 0x50000}, {"throttled": 0x50000})
    readings = tuple(replace(one, throttled=0x50000) for one in done.conditions.readings)
    assert judged(seen(done, readings=readings)).verdict == VALID


@pytest.mark.parametrize(
    "unreadable", [{"throttle": "no vcgencmd"}, {"sampler": "it could not be started"}], ids=["throttle", "sampler"]
)
def test_an_unreadable_throttle_sensor_is_never_valid_on_a_board_and_worth_knowing_on_a_pc(
    unreadable: dict[str, str],
) -> None:
    done = seen(quiet(), unreadable=unreadable)
    for name in ("rpi4", "rpi5", "jetson-orin", "arm64", ""):
        assert judged(replace(done, machine=replace(PI5, board=name))).verdict == UNSTABLE
    found = judged(replace(done, machine=replace(PI5, board="x86-64")))
    assert (found.verdict, [one.rule for one in found.findings]) == (VALID, ["unknown-throttling"])


def test_without_any_reading_a_board_is_never_valid() -> None:
    assert judged(seen(quiet(), before=None, after=None, readings=())).verdict == UNSTABLE


def test_clocks_before_and_after_are_those_of_an_idle_machine() -> None:
    assert judged(framed({"clocks": {"policy0": 600_000}}, {"clocks": {"policy0": 600_000}})).verdict == VALID


def test_a_policy_whose_processors_idle_may_change_its_clock() -> None:
    done = clocked({"policy0": 2_400_000, "policy4": 1_800_000}, {"policy0": 2_400_000, "policy4": 729_600})
    assert judged(done).verdict == VALID


@pytest.mark.parametrize(
    ("name", "limits", "board", "level"),
    [
        ("ondemand", (1_500_000, 2_400_000), "rpi5", VALID),
        ("powersave", (1_500_000, 2_400_000), "rpi5", UNSTABLE),
        ("powersave", (2_400_000, 2_400_000), "rpi5", VALID),
        ("powersave", (800_000, 5_000_000), "x86-64", VALID),  # intel_pstate's name for following the load
        ("performance", (1_500_000, 2_400_000), "rpi5", VALID),
    ],
)
def test_governors_that_hold_the_clock_down(name: str, limits: tuple[int, int], board: str, level: str) -> None:
    done = seen(quiet(), governors={"policy0": name}, clock_limits={"policy0": limits})
    assert judged(replace(done, machine=replace(PI5, board=board))).verdict == level


@pytest.mark.parametrize("name", ["throttled", "alarm", "throttle-events", "clock-range", "capped-clock", "drift"])
def test_what_heat_does_is_what_a_soak_is_for(name: str) -> None:
    found = judged(replace(CASES[name][1](), scenario="sustained"))
    assert (found.verdict, [one.rule for one in found.findings]) == (VALID, [name])


@pytest.mark.parametrize("scenario", ["server", "memory-growth"])
def test_queries_of_different_times_are_no_fault_of_scenarios_that_want_them(scenario: str) -> None:
    assert judged(replace(CASES["spread"][1](), scenario=scenario)).verdict == VALID
    assert judged(replace(CASES["swap"][1](), scenario=scenario)).verdict == UNSTABLE


def test_the_verdict_is_the_worst_and_the_worst_comes_first() -> None:
    done = replace(during(3, swap=1 << 20, throttled=0x1), threads=2)
    found = judged(seen(done, unreadable={"pressure": "off"}))
    assert found.verdict == INVALID
    levels = [one.level for one in found.findings]
    assert levels == sorted(levels, key=VERDICTS.index, reverse=True)
    assert set(levels) == {INVALID, UNSTABLE, VALID}


def test_a_step_in_the_median_of_a_percent_is_no_drift() -> None:
    assert judged(quiet(samples=drifting(0.01))).verdict == VALID


def test_a_judgement_survives_its_json() -> None:
    found = judged(CASES["throttled"][1]())
    assert Judgement.from_json(found.to_json()) == found
    assert isinstance(found.findings[0], Finding)


@pytest.mark.parametrize("seed", range(8))
def test_samples_without_fault_are_valid_whatever_their_noise(seed: int) -> None:
    noise = np.random.default_rng(seed).uniform(0.002, 0.05)
    assert judged(quiet(samples=steady(700, spread=float(noise), seed=seed))).verdict == VALID


def test_a_container_that_was_stopped_wants_more_processors() -> None:
    done = framed({"throttle_events": {"quota": 1}}, {"throttle_events": {"quota": 3}})
    (found,) = judged(done).findings
    assert (found.rule, found.level) == ("throttle-events", UNSTABLE)
    assert "container" in found.remedy


NAMES = st.sampled_from(["policy0", "policy4", "firmware", "cpu", "memory", "oc1", ""])
WHOLE = st.integers(-(1 << 40), 1 << 40)
REAL = st.floats(-1e12, 1e12)
READINGS = st.builds(
    Reading,
    at=REAL,
    clocks=st.dictionaries(NAMES, WHOLE),
    throttled=st.none() | WHOLE,
    alarms=st.dictionaries(NAMES, WHOLE),
    throttle_events=st.dictionaries(NAMES, WHOLE),
    pressure=st.dictionaries(NAMES, REAL),
    swap=st.none() | WHOLE,
    foreign_cpu=st.none() | REAL,
)
CONDITIONS = st.builds(
    Conditions,
    governors=st.dictionaries(NAMES, st.sampled_from(["performance", "powersave", ""])),
    clock_limits=st.dictionaries(NAMES, st.lists(WHOLE, max_size=3).map(tuple)),
    before=st.none() | READINGS,
    after=st.none() | READINGS,
    readings=st.lists(READINGS, max_size=3).map(tuple),
    sampler_cost=REAL,
    unreadable=st.dictionaries(st.sampled_from(["throttle", "sampler", "clock"]), st.text(max_size=5)),
)


@given(CONDITIONS)
def test_no_conditions_of_a_strangers_record_break_a_rule(conditions: Conditions) -> None:
    found = judged(measurement(steady(64), conditions=conditions))
    assert found.verdict in VERDICTS
