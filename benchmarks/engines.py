"""`python -m benchmarks engines`: ONNX Runtime, Paddle Lite and Paddle on the same networks, PP-OCRv4's three.

One thread each, inputs of usual sizes, in alternation; Paddle Lite and Paddle in a process of their own each, so that
the pipe is in their times. About two minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import numpy as np

from benchmarks.alternate import alternate
from benchmarks.bundles import build
from benchmarks.bundles import engines as built
from benchmarks.goals import Row
from benchmarks.models.packaged import ppocr
from benchmarks.peers.paddle import paddle
from edge import load
from edge.bench.statistics.ratio import paired_ratio
from edge.engines import Array

SHAPES = {"det": (1, 3, 480, 480), "rec": (1, 3, 48, 320), "cls": (1, 3, 48, 192)}
PAIRS = 20
RUNS_IN_A_BLOCK = 2
# Of the largest output: what computes something else is not compared.
CLOSE = 1e-3
FIRST, OWN = "onnxruntime", "paddle"


class Runs(Protocol):
    """An open network."""

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """One inference."""


def rows(folder: Path) -> Iterator[Row]:
    """For each network every engine's time over that of ONNX Runtime; met where both give the same answers."""
    for name, source in ppocr().items():
        bundle = folder / f"{name}.edge"
        build(source, bundle, "--task", "tensors", "--allow-licence", "Apache-2.0")
        with ExitStack() as stack:
            models = {engine: stack.enter_context(load(bundle, engine=engine, threads=1)) for engine in built()}
            opened: dict[str, Runs] = {engine: model.session for engine, model in models.items()}
            opened[OWN] = stack.enter_context(paddle(source, threads=1))
            (spec,) = models[FIRST].session.inputs
            feeds = {spec.name: np.random.default_rng(0).uniform(-1, 1, SHAPES[name]).astype(np.float32)}
            size = " x ".join(map(str, SHAPES[name]))
            for engine in opened:
                if engine != FIRST:
                    yield _compare(f"PP-OCRv4 {name} at {size}, {engine} over {FIRST}", opened, engine, feeds)


def _compare(goal: str, opened: Mapping[str, Runs], engine: str, feeds: Mapping[str, Array]) -> Row:
    one, other = opened[engine], opened[FIRST]
    (found,), (expected,) = one.run(feeds).values(), other.run(feeds).values()
    same = np.allclose(found, expected, rtol=0, atol=CLOSE * float(np.max(np.abs(expected))))
    times = alternate(lambda: one.run(feeds), lambda: other.run(feeds), pairs=PAIRS, runs=RUNS_IN_A_BLOCK)
    ratio = paired_ratio(*times)
    own, first = (1000 * min(side) for side in times)
    figure = f"{ratio.low:.2f} to {ratio.high:.2f} (95%); {own:.1f} ms and {first:.1f} ms"
    return Row(goal, figure if same else f"other answers; {figure}", same, ratio.middle)
