"""Runs a captured graph in torch: what capture wrote must compute what the model computes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from numpy.typing import NDArray

from packager.capture.graph import CONSTANTS_FILE, Graph
from packager.capture.interpret import interpret
from packager.emit.constants import MappedConstants


def run_graph(folder: Path, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The outputs by public name; the shape that the graph states of every value that is read is checked on the way."""
    graph = Graph.read(folder)
    sizes = {
        symbol: size
        for spec in graph.inputs
        for symbol, size in zip(spec.shape, feeds[spec.name].shape, strict=True)
        if isinstance(symbol, str)
    }
    results: dict[str, NDArray[Any]] = {}
    # torch's meta and CPU kernels do not agree on the statistics that a batch normalisation gives besides.
    read = {name for node in graph.nodes for name in node.inputs} | set(graph.results)
    for name, value in interpret(graph, MappedConstants(folder / CONSTANTS_FILE), feeds):
        if name in read:
            _check(name, value, graph, sizes)
        if name in graph.results:
            results[name] = value.numpy()
    return {spec.name: results[name] for spec, name in zip(graph.outputs, graph.results, strict=True)}


def _check(name: str, value: Any, graph: Graph, sizes: Mapping[str, int]) -> None:
    said = graph.values[name]
    if isinstance(value, torch.Tensor):
        shape = tuple(one if isinstance(one, int) else eval(one, {}, dict(sizes)) for one in said.shape)  # noqa: S307
        assert (str(value.dtype).removeprefix("torch."), tuple(value.shape)) == (said.dtype, shape), name
    else:
        assert said.dtype == "symint", name
