"""Runs a captured graph node by node in torch: what capture wrote must compute what the model computes."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file

from packager.capture.graph import CONSTANTS_FILE, Dtype, Graph, Ref


def run_graph(folder: Path, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The outputs by public name; every shape that the graph states is checked on the way."""
    graph = Graph.read(folder)
    stored = load_file(folder / CONSTANTS_FILE)
    values: dict[str, Any] = {name: torch.from_numpy(np.array(one)) for name, one in feeds.items()}
    values |= {name: torch.from_numpy(np.array(stored[key])) for name, key in graph.constants.items()}
    sizes = {
        symbol: size
        for spec in graph.inputs
        for symbol, size in zip(spec.shape, feeds[spec.name].shape, strict=True)
        if isinstance(symbol, str)
    }
    for node in graph.nodes:
        result = _callable(node.op)(*_filled(node.args, values), **_filled(node.kwargs, values))
        results = result if isinstance(result, tuple | list) else (result,)
        for name, value in zip(node.outputs, results, strict=True):
            values[name] = value
            _check(name, value, graph, sizes)
    return {spec.name: values[name].numpy() for spec, name in zip(graph.outputs, graph.results, strict=True)}


def _check(name: str, value: Any, graph: Graph, sizes: Mapping[str, int]) -> None:
    said = graph.values[name]
    if isinstance(value, torch.Tensor):
        shape = tuple(one if isinstance(one, int) else eval(one, {}, dict(sizes)) for one in said.shape)  # noqa: S307
        assert (str(value.dtype).removeprefix("torch."), tuple(value.shape)) == (said.dtype, shape), name
    else:
        assert said.dtype == "symint", name


def _callable(op: str) -> Any:
    space, *rest = op.split(".")
    if space == "operator":
        return getattr(operator, rest[0])
    # Copies are left out of graphs, so torch may not find the memory laid out as a view needs it.
    name = {"view": "reshape"}.get(rest[0], rest[0])
    return getattr(getattr(torch.ops.aten, name), rest[1])


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, Ref):
        return values[value.name]
    if isinstance(value, Dtype):
        return getattr(torch, value.name)
    if isinstance(value, Mapping):
        return {key: _filled(one, values) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(one, values) for one in value]
    return value
