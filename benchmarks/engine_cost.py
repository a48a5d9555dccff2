"""`python -m benchmarks engine`: what the runtime adds to the engine.

Its session against a bare loop over the same artifact, in alternation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.goals import Row
from benchmarks.start_cost import mobilenet
from edge.bench.interval import Interval, ratio_interval

PAIRS = 40
RUNS_IN_A_BLOCK = 5
LIMIT = 0.03


def rows(folder: Path) -> Iterator[Row]:
    """One thread on each side: two pools in one process would disturb each other."""
    import numpy as np

    from edge import load

    with load(mobilenet(folder), engine="onnxruntime", threads=1) as model:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        bare = onnxruntime.InferenceSession(str(model.bundle.file(model.artifact.file)), options)
        (spec,) = model.session.inputs
        chance = np.random.default_rng(0)
        feeds = {spec.name: chance.standard_normal((1, 3, 224, 224), dtype=np.float32)}
        found = _compare(lambda: model.session.run(feeds), lambda: bare.run(None, feeds))
    low, high = found.low - 1, found.high - 1
    figure = f"{low:+.2%} to {high:+.2%} (95%, {PAIRS} pairs)"
    yield Row(f"engine time over a bare loop's, within {LIMIT:.0%}", figure, low >= -LIMIT and high <= LIMIT, high)


def _compare(ours: Callable[[], object], bare: Callable[[], object]) -> Interval:
    """Measure pairs; which side goes first alternates, so that being second favours neither."""
    for run in (ours, bare):
        _block(run)
    times: dict[Callable[[], object], list[float]] = {ours: [], bare: []}
    for pair in range(PAIRS):
        for run in (ours, bare) if pair % 2 else (bare, ours):
            times[run].append(_block(run))
    return ratio_interval(times[ours], times[bare])


def _block(run: Callable[[], object]) -> float:
    """The fastest of a few runs: what disturbs a run only ever makes it slower."""
    times = []
    for _ in range(RUNS_IN_A_BLOCK):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)
