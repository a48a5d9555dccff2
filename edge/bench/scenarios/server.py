"""The server: queries come at random, and each wants its answer within a bound, whatever came before it.

The runtime answers one query at a time, so those that come meanwhile wait, first come first served. A latency is from
the moment at which a query was to come to its answer; a clock that wakes up late makes it longer.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field, replace

from edge.bench.scenarios.arrivals import poisson
from edge.bench.scenarios.base import Run, Steady
from edge.bench.scenarios.closed_loop import closed_loop, collector_paused, rounded
from edge.bench.server_load import Probe, Server
from edge.bench.statistics.early_stopping import holds, samples_for
from edge.bench.stop_rule import INTERRUPTED, StopRule
from edge.errors import InputError

WAITING = "waiting"
CALIBRATION = StopRule(min_seconds=0.2, min_samples=11, max_seconds=30)
RESOLUTION = 1 / 32
"""How near the search comes, as a share of the rate at which queries come exactly as fast as they are answered."""

CONFIRMATIONS = 4


@dataclass(frozen=True)
class _Served:
    """All queries at one rate, in seconds."""

    probe: Probe
    reason: str
    arrivals: array[float] = field(default_factory=lambda: array("d"))
    samples: array[float] = field(default_factory=lambda: array("d"))
    ends: array[float] = field(default_factory=lambda: array("d"))
    stages: dict[str, array[float]] = field(default_factory=dict)


def server(run: Run) -> Steady:
    """Serve at the plan's rate, or search for the highest that holds and serve at that, with arrivals of its own.

    Raises InputError for a plan without a bound or with a batch, and where there is no time for the queries that the
    percentile needs.
    """
    plan = run.plan
    if plan.bound <= 0:
        raise InputError("the scenario server needs a bound of its latency", remedy="give --latency-bound")
    if plan.batch != 1:
        raise InputError("the scenario server answers one input at a time", remedy="leave out --batch")
    if not 0.5 <= plan.percentile < 1:
        raise InputError(f"no bound can hold for {plan.percentile:.0%} of all queries", remedy="give --percentile 99")
    probes: list[Probe] = []
    if plan.rate:
        _check_time(run, plan.rate)
        served = _serve(run, plan.rate, plan.seed)
    else:
        served = _highest(run, probes)
    return Steady(
        samples=rounded(served.samples),
        ends=rounded(served.ends),
        seconds=served.ends[-1],
        inputs=len(served.samples),
        stages={name: rounded(series) for name, series in served.stages.items()},
        reason=served.reason,
        server=Server(
            rate=served.probe.rate,
            bound=plan.bound,
            percentile=plan.percentile,
            seed=served.probe.seed,
            holds=served.probe.holds,
            arrivals=rounded(served.arrivals),
            probes=tuple(probes),
        ),
    )


def _highest(run: Run, probes: list[Probe]) -> _Served:
    """Halve the range of rates until it is small; `probes` takes every rate that was tried on the way."""
    calibrated = closed_loop(replace(run, rule=CALIBRATION))
    capacity = len(calibrated.samples) / calibrated.seconds
    _check_time(run, capacity)
    low, high = 0.0, capacity
    while high - low > RESOLUTION * capacity and not run.interrupted():
        middle = (low + high) / 2
        probe = _serve(run, middle, run.plan.seed, to_the_end=False).probe
        probes.append(probe)
        low, high = (middle, high) if probe.holds else (low, middle)
    rate = low or high
    # The last rate that passed may have had luck with its arrivals, so others decide.
    for attempt in range(1, CONFIRMATIONS):
        served = _serve(run, rate, run.plan.seed + attempt)
        if served.probe.holds or run.interrupted():
            return served
        probes.append(served.probe)
        rate *= 1 - RESOLUTION
    return _serve(run, rate, run.plan.seed + CONFIRMATIONS)


def _serve(run: Run, rate: float, seed: int, *, to_the_end: bool = True) -> _Served:
    """Unless `to_the_end`, ends as soon as too many queries have taken too long."""
    plan, now, query = run.plan, run.clock.now, run.subject.run
    rule = replace(run.rule, min_samples=_queries(run, rate))
    arrivals, samples, ends, waiting = array("d"), array("d"), array("d"), array("d")
    stages: dict[str, array[float]] = {WAITING: waiting}
    over, lost, reason = 0, False, ""
    with collector_paused():
        start = now()
        for arrival in poisson(rate, seed):
            run.clock.wait_until(start + arrival)
            begun = now() - start
            times = query()
            end = now() - start
            arrivals.append(arrival)
            samples.append(end - arrival)
            ends.append(end)
            waiting.append(begun - arrival)
            for name, seconds in times.items():
                stages.setdefault(name, array("d")).append(seconds)
            if end - arrival > plan.bound:
                over += 1
                lost = lost or not (to_the_end or holds(rule.min_samples, over, plan.percentile))
            reason = rule.reason(end, len(samples)) or (INTERRUPTED if run.interrupted() else "")
            if reason or lost:
                break
    enough = len(samples) >= samples_for(plan.percentile)
    held = enough and holds(len(samples), over, plan.percentile)
    probe = Probe(rate=rate, seed=seed, queries=len(samples), over=over, seconds=ends[-1], holds=held)
    return _Served(probe, reason, arrivals, samples, ends, stages)


def _queries(run: Run, rate: float) -> int:
    return max(run.rule.min_samples, samples_for(run.plan.percentile), math.ceil(rate * run.rule.min_seconds))


def _check_time(run: Run, rate: float) -> None:
    """At lower rates than this it takes longer still."""
    seconds = _queries(run, rate) / rate
    if seconds > run.rule.max_seconds:
        raise InputError(
            f"{_queries(run, rate)} queries at {rate:.3g} a second take {seconds:.0f} s, and --max-seconds is "
            f"{run.rule.max_seconds:g}",
            remedy=f"give --max-seconds {math.ceil(3 * seconds)}, or a lower --percentile",
        )
