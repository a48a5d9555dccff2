"""Two artifacts by turns: on a clock of the test's own, and with the real engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from edge.bench.statistics.ratio import paired_ratio
from edge.engines import Array
from edge.errors import InputError
from edge.manifest import TensorSpec
from packager.quantise.feeds import write_feeds
from packager.quantise.judge.alternate import REST, alternate
from packager.quantise.judge.latency import Turns, latency_ratio
from tests.support.candidates import changed, compute_more
from tests.support.models import colour_bundle
from tests.support.simulated_clock import SimulatedClock

TURNS = Turns(fp32="", other="", stage="network", engine="onnxruntime", feeds="", seconds=1.0, fewest=20)


@dataclass
class Timed:
    """A session whose queries take as long as `seconds` says of the clock's time and the feed."""

    clock: SimulatedClock
    seconds: Callable[[float, Mapping[str, Array]], float]
    log: list[str] = field(default_factory=list)
    name: str = ""
    inputs: tuple[TensorSpec, ...] = ()
    outputs: tuple[TensorSpec, ...] = ()
    threads: int = 1

    def bind(self, feeds: Mapping[str, Array]) -> Callable[[], dict[str, Array]]:
        def query() -> dict[str, Array]:
            self.log.append(self.name)
            self.clock.pass_time(self.seconds(self.clock.moment, feeds))
            return {}

        return query

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        return self.bind(feeds)()

    def close(self) -> None:
        pass


def _feeds(*sizes: int) -> list[dict[str, Array]]:
    return [{"x": np.zeros(size)} for size in sizes]


def test_drift_and_inputs_of_other_sizes_are_the_same_for_both_sides() -> None:
    clock = SimulatedClock()
    cost = {1: 0.001, 5: 0.006, 9: 0.020}

    def takes(share: float) -> Callable[[float, Mapping[str, Array]], float]:
        return lambda now, feeds: share * cost[len(feeds["x"])] * (1 + 0.05 * now)

    ours, theirs = Timed(clock, takes(0.5)), Timed(clock, takes(1.0))
    found = paired_ratio(*alternate(ours, theirs, _feeds(1, 5, 9), TURNS, clock, rest=0.0, waited=lambda: 0.0))
    assert found.middle == pytest.approx(0.5, rel=0.02)
    assert found.low > 0.48
    assert found.high < 0.52


def test_which_side_goes_first_alternates_and_the_other_one_s_threads_come_to_rest() -> None:
    clock, log = SimulatedClock(), list[str]()
    sides = [Timed(clock, lambda _now, _feeds: 0.001, log, name) for name in ("a", "b")]
    ours, _ = alternate(sides[0], sides[1], _feeds(1), TURNS, clock, rest=REST, waited=lambda: 0.0)
    turns = log[::4]
    assert log == [name for name in turns for _ in range(4)]
    assert turns[:8] == ["b", "a", "a", "b", "b", "a", "a", "b"]
    assert clock.moment == pytest.approx(len(turns) * (REST + 0.004))
    assert len(ours) == len(turns) // 2 >= TURNS.fewest


def test_one_slow_run_of_a_turn_is_not_its_time() -> None:
    clock = SimulatedClock()
    chance = np.random.default_rng(0)
    sides = [Timed(clock, lambda _now, _feeds: 0.002 * (5 if chance.random() < 0.2 else 1)) for _ in range(2)]
    ours, _ = alternate(sides[0], sides[1], _feeds(1), TURNS, clock, rest=0.0, waited=lambda: 0.0)
    assert np.median(ours) == pytest.approx(0.002)


def test_a_busy_machine_is_given_more_runs_until_some_had_their_cpus() -> None:
    clock, waits = SimulatedClock(), [0.0]
    chance = np.random.default_rng(0)

    def takes(seconds: float) -> Callable[[float, Mapping[str, Array]], float]:
        def one(_now: float, _feeds: Mapping[str, Array]) -> float:
            wait = 0.05 if chance.random() < 0.7 else 0.0
            waits[0] += wait
            return seconds + wait

        return one

    sides = Timed(clock, takes(0.001)), Timed(clock, takes(0.002))
    busy = replace(TURNS, seconds=20.0)
    ours, theirs = alternate(sides[0], sides[1], _feeds(1), busy, clock, rest=0.0, waited=lambda: waits[0])
    # Of three runs alone, a third of all turns would have none that was not disturbed.
    assert sum(seconds < 0.01 for seconds in (*ours, *theirs)) >= 0.95 * len((*ours, *theirs))


def test_a_slow_network_ends_with_as_many_pairs_as_an_interval_needs() -> None:
    clock = SimulatedClock()
    sides = [Timed(clock, lambda _now, _feeds: 3.0) for _ in range(2)]
    ours, _ = alternate(
        sides[0], sides[1], _feeds(1), replace(TURNS, most_seconds=10), clock, rest=0.0, waited=lambda: 0.0
    )
    assert len(ours) == 11


@pytest.fixture(scope="module")
def turns(tmp_path_factory: pytest.TempPathFactory) -> Turns:
    folder = tmp_path_factory.mktemp("latency")
    fp32 = colour_bundle(folder / "fp32.edge")
    chance = np.random.default_rng(0)
    feeds = [{"pixel_values": chance.random((size, 3, 8, 8), np.float32)} for size in (1, 2)]
    write_feeds(folder / "feeds.safetensors", feeds)
    return replace(
        TURNS,
        fp32=str(fp32),
        other=str(changed(fp32, folder / "int8.edge", compute_more)),
        feeds=str(folder / "feeds.safetensors"),
        seconds=0.0,
        fewest=11,
    )


def test_what_computes_a_thousand_times_more_is_slower(turns: Turns) -> None:
    found = latency_ratio(turns)
    assert 1 < found.low <= found.value <= found.high
    back = latency_ratio(replace(turns, fp32=turns.other, other=turns.fp32))
    assert back.high < 1


def test_a_stage_that_is_not_there_and_no_feeds_are_said(turns: Turns, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no stage 'none'"):
        latency_ratio(replace(turns, stage="none"))
    write_feeds(tmp_path / "empty.safetensors", [])
    with pytest.raises(InputError, match="nothing was fed to the stage 'network'"):
        latency_ratio(replace(turns, feeds=str(tmp_path / "empty.safetensors")))
    with pytest.raises(InputError, match="nothing for paddlelite"):
        latency_ratio(replace(turns, engine="paddlelite"))
