from __future__ import annotations

import gc
import itertools
from collections.abc import Iterable
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.plan import Plan
from edge.bench.scenarios import Run, Steady
from edge.bench.scenarios.closed_loop import closed_loop
from edge.bench.statistics.series import describe
from edge.bench.stop_rule import ENOUGH, INTERRUPTED, MAX_SECONDS, StopRule
from edge.bench.subject import Subject
from tests.support.latencies import SHAPES, processes
from tests.support.simulated_clock import SimulatedClock


def looped(
    taken: Iterable[float],
    *,
    seconds: float = 0.0,
    samples: int = 1,
    most: float = 1e6,
    batch: int = 1,
    stop_at: int = 0,
    stages: bool = False,
) -> Steady:
    """Queries that take so many seconds each, on a clock that only they move."""
    clock, times, done = SimulatedClock(), iter(taken), itertools.count(1)
    last = 0

    def query() -> dict[str, float]:
        nonlocal last
        last = next(done)
        clock.pass_time(one := next(times))
        assert not gc.isenabled()
        return {"decode": one / 4, "engine": one * 3 / 4} if stages else {}

    return closed_loop(
        Run(
            subject=cast("Subject", SimpleNamespace(run=query)),
            plan=Plan(bundle="x", batch=batch),
            rule=StopRule(min_seconds=seconds, min_samples=samples, max_seconds=most),
            clock=clock,
            interrupted=lambda: 0 < stop_at <= last,
        )
    )


@given(
    taken=st.lists(st.integers(1, 1000), min_size=40, max_size=40),
    seconds=st.floats(0, 10),
    samples=st.integers(1, 30),
)
def test_it_ends_with_the_first_query_that_meets_both_minima(taken: list[int], seconds: float, samples: int) -> None:
    taken += [1000] * 40
    done = looped([one / 1000 for one in taken], seconds=seconds, samples=samples)
    assert done.reason == ENOUGH
    assert done.seconds == pytest.approx(sum(done.samples))
    assert (done.seconds >= seconds, len(done.samples) >= samples) == (True, True)
    before = done.seconds - done.samples[-1]
    assert len(done.samples) == 1 or before < seconds or len(done.samples) - 1 < samples
    assert done.samples == tuple(one / 1000 for one in taken[: len(done.samples)])
    assert done.ends == pytest.approx(tuple(itertools.accumulate(done.samples)))


def test_it_ends_at_the_most_time_it_may_take() -> None:
    done = looped(itertools.repeat(0.3), samples=64, most=1.0)
    assert (done.reason, len(done.samples)) == (MAX_SECONDS, 4)
    assert done.seconds == pytest.approx(1.2)


def test_an_interrupted_loop_keeps_what_it_has() -> None:
    done = looped(itertools.repeat(0.3), samples=64, stop_at=5)
    assert (done.reason, len(done.samples)) == (INTERRUPTED, 5)


def test_a_query_counts_all_its_inputs() -> None:
    assert looped(itertools.repeat(0.25), samples=4, batch=8).inputs == 32


def test_stages_are_kept_apart() -> None:
    done = looped(itertools.repeat(0.4), samples=3, stages=True)
    assert done.stages == {"decode": (0.1,) * 3, "engine": (0.3,) * 3}
    assert done.samples == (0.4,) * 3


def test_garbage_is_collected_again_afterwards() -> None:
    assert gc.isenabled()
    looped([0.1])
    with pytest.raises(StopIteration):
        looped([0.1], samples=2)
    assert gc.isenabled()


def test_what_goes_through_the_loop_comes_out_as_it_was() -> None:
    taken = SHAPES["lognormal"](next(processes(0.3, 700, 1)))
    found, drawn = describe(looped(taken.tolist(), samples=700).samples), describe(taken.tolist())
    assert found.percentiles["p99"] == pytest.approx(drawn.percentiles["p99"], abs=1e-9)
    assert (found.median.low, found.median.high) == pytest.approx((drawn.median.low, drawn.median.high), abs=1e-9)
