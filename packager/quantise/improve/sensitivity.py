"""How much each part of a network costs when it alone is quantised.

The error of a network's outputs is their noise against their signal: the root of the mean square of what quantising
changed, divided by that of what is left of the float outputs once their mean over all inputs is subtracted. Without
that subtraction a network whose answers hardly depend on its input would look precise. 0.1 is a
signal-to-quantisation-noise ratio of 20 dB, 0.01 one of 40.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import GraphProto

from packager.emit.onnx_passes.reading import Reading
from packager.quantise.feeds import read_feeds
from packager.quantise.improve.observe import observed

Array = NDArray[np.float32]
Quantise = Callable[[Collection[str]], Path]
"""From the nodes that stay in float to a quantised file, which is read before the next call."""

LAYERS = frozenset({"Conv", "ConvTranspose", "Gemm", "MatMul", "Attention"})
MOST_BLOCKS = 24


@dataclass(frozen=True)
class Sensitivity:
    """Nodes that follow each other, and the error of the outputs when they alone are quantised."""

    nodes: tuple[str, ...]
    error: float


def sensitivities(model: Path, feeds: Path, quantise: Quantise) -> tuple[Sensitivity, ...]:
    """Every block of the network with its error, the worst first.

    Costs a call of `quantise` and a run of all feeds for each block; `graft.grafts` makes the first of these cheap.
    """
    fp32 = onnx.load(model)
    parts = blocks(fp32.graph)
    reference = list(observed(fp32, read_feeds(feeds)))
    found = []
    for nodes in parts:
        others = [name for other in parts if other is not nodes for name in other]
        alone = onnx.load(quantise(others))
        found.append(Sensitivity(nodes, error_of(reference, observed(alone, read_feeds(feeds)))))
    return tuple(sorted(found, key=lambda one: -one.error))


def blocks(graph: GraphProto, most: int = MOST_BLOCKS) -> list[tuple[str, ...]]:
    """All nodes in order, cut into at most `most` blocks that each begin with a layer and have as many layers."""
    reading = Reading(graph)
    starts = [
        at
        for at, node in enumerate(graph.node)
        if node.op_type in LAYERS and len(node.input) > 1 and reading.dims(node.input[1])
    ]
    if not starts:
        return []
    names = [node.name for node in graph.node]
    step = math.ceil(len(starts) / most)
    cuts = [0, *starts[step::step], len(names)]
    return [tuple(names[begin:end]) for begin, end in pairwise(cuts)]


def error_of(reference: Sequence[Sequence[Array]], found: Iterable[Sequence[Array]]) -> float:
    """The root of noise to signal (see above) of the output that is worst; infinite where something is no number."""
    noise = np.zeros(len(reference[0]))
    for right, values in zip(reference, found, strict=True):
        noise += [np.square(value.astype(np.float64) - one).sum() for value, one in zip(values, right, strict=True)]
    signal = np.array(list(_signals(reference)))
    ratios = np.sqrt(np.divide(noise, signal, out=np.where(noise > 0, np.inf, 0.0), where=signal > 0))
    return float(np.nan_to_num(ratios, nan=np.inf).max())


def _signals(reference: Sequence[Sequence[Array]]) -> Iterator[float]:
    """Of each output the sum of squares of what the input decides."""
    for number in range(len(reference[0])):
        values = [one[number].astype(np.float64) for one in reference]
        fixed = len({value.shape[1:] for value in values}) == 1 and sum(len(value) for value in values) > 1
        if fixed:  # each number of an answer has a mean of its own
            stacked = np.concatenate(values)
            yield float(np.square(stacked - stacked.mean(axis=0)).sum())
        else:  # answers as long as their inputs have one
            flat = np.concatenate([value.reshape(-1) for value in values])
            yield float(np.square(flat - flat.mean()).sum())
