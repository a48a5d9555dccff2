"""`python -m benchmarks engine`: what the runtime adds to the engine.

Its session against a bare loop over the same artifact, in alternation.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.alternate import alternate
from benchmarks.goals import Row, within
from benchmarks.start_cost import mobilenet

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
        ours, theirs = lambda: model.session.run(feeds), lambda: bare.run(None, feeds)
        found = alternate(ours, theirs, pairs=PAIRS, runs=RUNS_IN_A_BLOCK)
    yield within("engine time over a bare loop's", *found, LIMIT)
