"""Judges a captured graph before any weight is loaded: shapes and operators are enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from packager.capture.graph import Graph, Tensor
from packager.errors import UnsupportedModelError
from packager.lower.counted import counted
from packager.lower.driver import lower
from packager.lower.legalise import legalise
from packager.lower.registry import supports


class ShapedConstants(Mapping[str, NDArray[np.generic]]):
    """Zeros in the shape of each constant, without memory of their own: all elements are one."""

    def __init__(self, graph: Graph) -> None:
        self._tensors = {key: graph.values[name] for name, key in graph.constants.items()}

    def __getitem__(self, key: str) -> NDArray[np.generic]:
        tensor: Tensor = self._tensors[key]
        return np.broadcast_to(np.zeros((), tensor.dtype), [int(size) for size in tensor.shape])

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


def check_operators(graph: Graph, engines: Sequence[str]) -> None:
    """Raises UnsupportedModelError naming and counting what has no lowering, or what an engine does not have.

    The constants' values are not needed; the graph may come from a capture on the meta device.
    """
    missing = [node.op for node in graph.nodes if not supports(node.op)]
    if missing:
        raise UnsupportedModelError(
            f"the network has operators without a lowering: {counted(missing)}",
            remedy="add them under packager/lower/operators/, see CONTRIBUTING.md",
        )
    try:
        program = lower(graph, ShapedConstants(graph))
    except UnsupportedModelError:
        # A lowering may look at a constant's values, and these are not here; with them it will be judged again.
        return
    for engine in engines:
        legalise(program, engine)
