"""Runs a captured graph in torch, node by node: every value of the network can be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from packager.capture.graph import Dtype, Graph, Node, Ref

Arrays = Mapping[str, NDArray[np.generic]]
# Copies are left out of graphs, so the memory may not be laid out as a view needs it.
COPYING = {"aten.view.default": "aten.reshape.default"}


def interpret(graph: Graph, constants: Arrays, feeds: Arrays, *, wide: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield the name and value (a tensor, or a number for a size) of every result, in order.

    `constants` holds arrays by their keys, `feeds` by the inputs' names. `wide` computes in float64 what the graph
    computes in float32. A value that no later node reads is dropped.
    """
    run = _Run(graph, constants, feeds, wide=wide)
    last = {name: node for node in graph.nodes for name in (*node.outputs, *node.inputs)}
    for node in graph.nodes:
        yield from run.step(node)
        run.forget(name for name in (*node.outputs, *node.inputs) if last[name] is node)


class _Run:
    def __init__(self, graph: Graph, constants: Arrays, feeds: Arrays, *, wide: bool) -> None:
        self._keys, self._constants, self._wide = graph.constants, constants, wide
        self._values: dict[str, Any] = {name: self._tensor(array) for name, array in feeds.items()}

    def step(self, node: Node) -> Iterator[tuple[str, Any]]:
        usual = torch.get_default_dtype()
        # Where an operator makes a tensor and no dtype is said.
        torch.set_default_dtype(torch.float64 if self._wide else torch.float32)
        try:
            with torch.no_grad():
                result = _function(node.op)(*self._filled(node.args), **self._filled(node.kwargs))
        finally:
            torch.set_default_dtype(usual)
        results = result if isinstance(result, tuple | list) else (result,)
        made = dict(zip(node.outputs, results, strict=True))
        self._values |= made
        yield from made.items()

    def forget(self, names: Iterator[str]) -> None:
        for name in names:
            self._values.pop(name, None)

    def _filled(self, value: Any) -> Any:
        if isinstance(value, Ref):
            # Made anew for every use: a large network's constants would otherwise be in memory twice.
            name = value.name
            return self._tensor(self._constants[self._keys[name]]) if name in self._keys else self._values[name]
        if isinstance(value, Dtype):
            return torch.float64 if self._wide and value.name == "float32" else getattr(torch, value.name)
        if isinstance(value, Mapping):
            return {key: self._filled(item) for key, item in value.items()}
        if isinstance(value, tuple | list):
            return [self._filled(item) for item in value]
        return value

    def _tensor(self, array: NDArray[np.generic]) -> torch.Tensor:
        tensor = torch.from_numpy(np.array(array))
        return tensor.double() if self._wide and tensor.dtype == torch.float32 else tensor


def _function(op: str) -> Any:
    """What the name calls: `aten.add.Tensor`, `operator.mul`, `math.ceil`, `torch.sym_max`."""
    space, name, *overload = COPYING.get(op, op).split(".")
    return getattr(getattr(torch.ops.aten, name), overload[0]) if overload else getattr(import_module(space), name)
