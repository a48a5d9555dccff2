from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.plan import Plan
from edge.bench.scenarios import Run, Steady
from edge.bench.scenarios.arrivals import poisson
from edge.bench.scenarios.server import server
from edge.bench.stop_rule import INTERRUPTED, StopRule
from edge.bench.subject import Subject
from edge.errors import InputError
from tests.support.simulated_clock import SimulatedClock

MEAN = 0.01


def served(
    service: Callable[[], float],
    *,
    samples: int = 662,
    seconds: float = 0.0,
    most: float = 1e6,
    stop_at: int = 0,
    **plan: Any,
) -> Steady:
    """Queries of so many seconds, on a clock that only they and waiting move."""
    clock = SimulatedClock()
    done = itertools.count(1)
    last = 0

    def query() -> dict[str, float]:
        nonlocal last
        last = next(done)
        clock.pass_time(taken := service())
        return {"engine": taken}

    return server(
        Run(
            subject=cast("Subject", SimpleNamespace(run=query)),
            plan=Plan(bundle="x", **plan),
            rule=StopRule(min_seconds=seconds, min_samples=samples, max_seconds=most),
            clock=clock,
            interrupted=lambda: 0 < stop_at <= last,
        )
    )


def exponential() -> Callable[[], float]:
    chance = random.Random("service")  # not the numbers that arrivals are drawn from
    return lambda: chance.expovariate(1 / MEAN)


def test_arrivals_are_poissons() -> None:
    moments = np.array(list(itertools.islice(poisson(20, 3), 20_000)))
    gaps = np.diff(moments)
    assert gaps.mean() == pytest.approx(1 / 20, rel=0.03)
    assert gaps.std() == pytest.approx(1 / 20, rel=0.03)
    assert abs(np.corrcoef(gaps[1:], gaps[:-1])[0, 1]) < 0.03
    assert list(itertools.islice(poisson(20, 3), 9)) == moments[:9].tolist()
    assert list(itertools.islice(poisson(40, 3), 9)) == pytest.approx(moments[:9] / 2)
    assert next(poisson(20, 4)) != moments[0]


@given(rate=st.floats(10, 95), seed=st.integers(0, 99))
def test_latencies_follow_the_queue_of_one_server(rate: float, seed: int) -> None:
    done = served(lambda: MEAN, rate=rate, bound=1.0, seed=seed, samples=700)
    assert done.server is not None
    free = 0.0
    for arrival, sample, end, waiting in zip(
        done.server.arrivals, done.samples, done.ends, done.stages["waiting"], strict=True
    ):
        begun = max(free, arrival)
        free = begun + MEAN
        assert end == pytest.approx(free, abs=1e-6)
        assert sample == pytest.approx(free - arrival, abs=1e-6)
        assert waiting == pytest.approx(begun - arrival, abs=1e-6)
    assert done.inputs == len(done.samples) == 700


def test_the_highest_rate_is_the_one_of_queueing_theory() -> None:
    # With exponential service the time in the system is exponential, too: of rate mu - lambda.
    bound = 0.2
    highest = 1 / MEAN - math.log(100) / bound
    done = served(exponential(), bound=bound, samples=30_000)
    assert done.server is not None
    assert done.server.holds
    assert 0.85 * highest < done.server.rate < 1.02 * highest
    assert np.quantile(done.samples, 0.99) <= bound
    tried = {probe.rate: probe.holds for probe in done.server.probes}
    assert max(rate for rate, holds in tried.items() if holds) <= min(
        rate for rate, holds in tried.items() if not holds
    )
    assert any(probe.queries < 30_000 for probe in done.server.probes if not probe.holds)


def test_who_answers_in_time_at_once_is_asked_almost_without_pause() -> None:
    done = served(lambda: MEAN, bound=10.0)
    assert done.server is not None
    assert done.server.rate > 0.9 / MEAN


def test_a_bound_below_the_service_holds_at_no_rate() -> None:
    done = served(lambda: MEAN, bound=MEAN / 2)
    assert done.server is not None
    assert not done.server.holds
    assert not any(probe.holds for probe in done.server.probes)
    assert len(done.samples) >= 662


def test_a_rate_that_is_asked_for_is_kept_and_judged() -> None:
    light, heavy = (served(exponential(), rate=rate, bound=0.1, samples=2000) for rate in (20.0, 90.0))
    assert light.server is not None
    assert heavy.server is not None
    assert (light.server.rate, light.server.holds, light.server.probes) == (20.0, True, ())
    assert (heavy.server.rate, heavy.server.holds) == (90.0, False)
    assert len(heavy.samples) == 2000


def test_a_percentile_gets_the_samples_that_it_needs() -> None:
    done = served(lambda: MEAN, rate=50.0, bound=1.0, percentile=0.999, samples=1)
    assert len(done.samples) == 6636
    done = served(lambda: MEAN, rate=50.0, bound=1.0, percentile=0.9, samples=1, seconds=20)
    assert done.ends[-1] >= 20


def test_the_user_may_stop_it_and_keeps_what_there_is() -> None:
    done = served(lambda: MEAN, rate=50.0, bound=1.0, stop_at=40)
    assert done.server is not None
    assert (len(done.samples), done.reason, done.server.holds) == (40, INTERRUPTED, False)
    searched = served(lambda: MEAN, bound=1.0, stop_at=900)
    assert searched.server is not None
    assert (searched.reason, searched.server.holds) == (INTERRUPTED, False)


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ({}, "needs a bound"),
        ({"bound": 1.0, "batch": 2}, "one input at a time"),
        ({"bound": 1.0, "percentile": 1.0}, "100%"),
        ({"bound": 1.0, "rate": 1.0, "most": 60}, "662 queries at 1 a second take 662 s"),
        ({"bound": 1.0, "most": 6}, "662 queries at 100 a second"),
    ],
)
def test_what_cannot_be_served_is_said(plan: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        served(lambda: MEAN, **plan)
    assert caught.value.remedy
