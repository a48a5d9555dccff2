"""The process that measures two artifacts of one stage by turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from edge.bench.clock import Clock
from edge.bench.scenarios.closed_loop import collector_paused
from edge.bench.statistics.median import FEWEST
from edge.bench.statistics.ratio import paired_ratio
from edge.bundle import open_bundle
from edge.engines import Session, choose, open_session
from edge.errors import InputError
from edge.quantisation import Interval
from packager.quantise.feeds import Feed, read_feeds
from packager.quantise.judge.latency import Turns

Run = Callable[[], object]

CALLS = 64
"""Calls that are taken of the feeds; they differ in size where inputs do, and both sides get each of them."""

BEST_OF, MOST_RUNS = 3, 15
"""Runs of a turn that are timed, of which the fastest counts: what disturbs one only makes it slower.

Runs in which no thread waited for a CPU are the ones that are counted to BEST_OF; on a busy machine more are needed.
"""

WAITED = 0.02
"""Of a run, summed over threads: less than that changes nothing."""

REST = 0.03
"""Seconds before a turn: an engine's threads spin on after a run, on the cores that the other side is measured on."""


def run(request: Mapping[str, Any]) -> dict[str, Any]:
    """See `latency_ratio`."""
    turns = Turns.from_json(dict(request))
    feeds = list(islice(read_feeds(Path(turns.feeds)), CALLS))
    if not feeds:
        raise InputError(f"nothing was fed to the stage {turns.stage!r}", remedy="give other inputs to --calibration")
    with closing(_open(turns, turns.fp32)) as fp32, closing(_open(turns, turns.other)) as other:
        # Where one thread computes, nothing spins.
        rest = REST if max(fp32.threads, other.threads) > 1 else 0.0
        ours, theirs = alternate(other, fp32, feeds, turns, Clock(), rest)
    found = paired_ratio(ours, theirs)
    return Interval(value=found.middle, low=found.low, high=found.high).to_json()


def waited_for_cpus() -> float:
    """Seconds that threads of this process were ready to run and had no CPU; 0 where the kernel does not tell."""
    try:
        told = [file.read_text().split()[1] for file in Path("/proc/self/task").glob("*/schedstat")]
    except (OSError, IndexError):
        return 0.0
    return sum(map(int, told)) / 1e9


def alternate(
    ours: Session,
    theirs: Session,
    feeds: Sequence[Feed],
    turns: Turns,
    clock: Clock,
    rest: float,
    waited: Callable[[], float] = waited_for_cpus,
) -> tuple[list[float], list[float]]:
    """Seconds of each pair; which side goes first alternates, so that being second favours neither."""
    times: tuple[list[float], list[float]] = ([], [])
    begin = clock.now()
    with collector_paused():
        while True:
            feed = feeds[len(times[0]) % len(feeds)]
            for side in (0, 1) if len(times[0]) % 2 else (1, 0):
                clock.wait_until(clock.now() + rest)
                times[side].append(_turn((ours, theirs)[side].bind(feed), clock, waited))
            spent, pairs = clock.now() - begin, len(times[0])
            if (spent >= turns.seconds and pairs >= turns.fewest) or (spent >= turns.most_seconds and pairs >= FEWEST):
                return times


def _turn(query: Run, clock: Clock, waited: Callable[[], float]) -> float:
    """The fastest of a few runs, after one that brings the weights back into the caches."""
    query()
    now, undisturbed = clock.now, 0
    found: list[float] = []
    while undisturbed < BEST_OF and len(found) < MOST_RUNS:
        before, start = waited(), now()
        query()
        found.append(now() - start)
        undisturbed += waited() - before <= WAITED * found[-1]
    return min(found)


def _open(turns: Turns, path: str) -> Session:
    bundle = open_bundle(path)
    stage = next((one for one in bundle.manifest.stages if one.name == turns.stage), None)
    if stage is None:
        raise InputError(f"{path} has no stage {turns.stage!r}", remedy="give bundles of one network")
    artifact = choose(stage, turns.engine, requires=bundle.manifest.requires)
    return open_session(
        artifact.engine,
        bundle.file(artifact.file),
        inputs=stage.inputs,
        outputs=stage.outputs,
        threads=turns.threads or None,
        strict=True,
    )
