"""`python -m benchmarks speed`: our artifacts against those of `torch.onnx.export(dynamo=True)`, same weights.

Both run in one process on ONNX Runtime with two threads, in alternation; ours is what `packager build` ships, loaded
as the device loads it. Where an open network's memory happens to lie makes it up to 3% faster or slower, run after run:
both are opened several times, and the interval is over the openings. Each has a process of its own, as on a device:
ConvNeXt is a fifth slower in memory that its process had used before. About ten minutes.
"""

from __future__ import annotations

import math
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.alternate import REST, alternate, block
from benchmarks.commands import CommandError, succeed
from benchmarks.goals import Row, at_most
from benchmarks.models.jittered import save_apart
from benchmarks.models.packaged import minilm
from benchmarks.places import ROOT
from edge import load
from edge.bench.statistics.ratio import Ratio, ratio_over_runs

Feeds = dict[str, NDArray[Any]]
Run = Callable[[], NDArray[Any]]

JITTERED = ("resnet50", "mobilenet_v2", "vit_base", "swin_tiny", "convnext_tiny", "bert_base", "electra_small")
THREADS = 2
OPENINGS = 6
RUNS_IN_A_BLOCK = 3
PAIRS = 5
# A small network's pair is over before a disturbance is: it gets more of them.
SECONDS_FOR_AN_OPENING = 2
MOST_PAIRS = 30
GEOMETRIC_MEAN, HIGHEST = 0.92, 1.05
# Of the largest output: the two must have computed the same before their time is compared.
CLOSE = 1e-4
TOKENS, SIDE = 128, 224


def rows(folder: Path) -> Iterator[Row]:
    """The ratio of every network, and the geometric mean of all; below 1 is faster than torch's."""
    middles = []
    for name in (*JITTERED, "minilm"):
        source = minilm() if name == "minilm" else save_apart(name, folder)
        found, milliseconds = _measure(_built(source, folder / f"{name}.edge"), _rival(source, folder / f"{name}.onnx"))
        middles.append(math.log(found.middle))
        figure = f"{found.middle:.3f}, {found.low:.3f} to {found.high:.3f} (95%), {milliseconds:.1f} ms"
        yield Row(f"{name}, latency over torch.onnx's <= {HIGHEST}", figure, found.high <= HIGHEST, found.high)
    mean = math.exp(sum(middles) / len(middles))
    yield at_most("geometric mean of the ratios", mean, GEOMETRIC_MEAN)


def _built(source: Path, out: Path) -> Path:
    shutil.rmtree(out, ignore_errors=True)
    succeed("packager", "build", source, "-o", out, "--engine", "onnxruntime")
    return out


def _rival(source: Path, out: Path) -> Path:
    """Exported in a process of its own: torch's threads and memory stay out of this one."""
    command = [sys.executable, "-m", "benchmarks.rival", str(source), str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CommandError(f"torch.onnx.export of {source.name}: {' '.join(done.stderr.split())[-400:]}")
    return out


def _measure(bundle: Path, rival: Path) -> tuple[Ratio, float]:
    """The interval of our time over theirs, and our fastest run in milliseconds."""
    orders = [(bundle, rival, bool(number % 2)) for number in range(OPENINGS)]
    with get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        found = pool.starmap(_opening, orders, chunksize=1)
    ratios, fastest = zip(*found, strict=True)
    return ratio_over_runs(ratios), min(fastest) * 1000


def _opening(bundle: Path, rival: Path, ours_first: bool) -> tuple[float, float]:
    """The ratio of one opening of both, and our fastest run in seconds."""
    sides = [(_ours, bundle), (_theirs, rival)]
    with ExitStack() as stack:
        opened = {side: side(path, stack) for side, path in (sides if ours_first else reversed(sides))}
        return _compare(opened[_ours], opened[_theirs])


def _ours(bundle: Path, stack: ExitStack) -> Run:
    model = stack.enter_context(load(bundle, engine="onnxruntime", threads=THREADS))
    (output,) = (one.name for one in model.session.outputs)
    # Of the artifact, not of what a session does around it.
    query = model.session.bind(_feeds([one.name for one in model.session.inputs]))
    return lambda: query()[output]


def _theirs(rival: Path, _: ExitStack) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    session = onnxruntime.InferenceSession(str(rival), options, providers=["CPUExecutionProvider"])
    feeds = _feeds([one.name for one in session.get_inputs()])
    return lambda: session.run(None, feeds)[0]


def _feeds(names: list[str]) -> Feeds:
    chance = np.random.default_rng(0)
    every: Feeds = {
        "pixel_values": chance.standard_normal((1, 3, SIDE, SIDE), dtype=np.float32),
        "input_ids": chance.integers(5, 150, (1, TOKENS)),
        "attention_mask": np.ones((1, TOKENS), np.int64),
        "token_type_ids": np.zeros((1, TOKENS), np.int64),
    }
    return {name: every[name] for name in names}


def _compare(ours: Run, theirs: Run) -> tuple[float, float]:
    expected = theirs()
    if not np.allclose(ours(), expected, rtol=0, atol=CLOSE * float(np.max(np.abs(expected)))):
        raise ValueError("the two artifacts give different answers")
    pair = 2 * (RUNS_IN_A_BLOCK * block(ours, RUNS_IN_A_BLOCK) + REST)
    pairs = min(MOST_PAIRS, max(PAIRS, int(SECONDS_FOR_AN_OPENING / pair)))
    times = alternate(ours, theirs, pairs=pairs, runs=RUNS_IN_A_BLOCK)
    return statistics.median(one / other for one, other in zip(*times, strict=True)), min(times[0])
