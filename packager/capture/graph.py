"""The captured graph: core ATen operators as plain data, so that nothing after capture needs torch.

A graph is a folder: `graph.json` (this module) and `constants.safetensors` (weights and folded values, each stored once
under a name made from its digest). Symbolic sizes are names (`batch`, `sequence`) or expressions over them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.manifest import Dimension, TensorSpec

GRAPH_FILE = "graph.json"
CONSTANTS_FILE = "constants.safetensors"


@dataclass(frozen=True)
class Tensor:
    """Dtype (numpy's name, or `symint` for a size that is only known at run time) and shape of a value."""

    dtype: str
    shape: tuple[Dimension, ...]


@dataclass(frozen=True)
class Ref:
    """An argument that is the value of another node, an input or a constant."""

    name: str


@dataclass(frozen=True)
class Dtype:
    """An argument that is a dtype, by numpy's name."""

    name: str


@dataclass(frozen=True)
class Node:
    """One call of an ATen operator (`aten.addmm.default`) or of Python's arithmetic on sizes (`operator.mul`).

    `outputs` names each result; an operator with several (`aten.native_layer_norm.default`) has several names, and the
    name of a result that nobody reads is kept.
    """

    op: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    outputs: tuple[str, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the values that it reads, each once."""
        return tuple(dict.fromkeys(_references((self.args, self.kwargs))))


@dataclass(frozen=True)
class Graph:
    """A network as ATen nodes in execution order.

    `values` describes every name: inputs, constants and node outputs. `constants` maps a value's name to its key in
    `constants.safetensors`. `outputs` gives each output's public spec; `results` the value that it is, in that order.
    """

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    results: tuple[str, ...]
    constants: Mapping[str, str]
    values: Mapping[str, Tensor]
    nodes: tuple[Node, ...]

    def write(self, folder: Path) -> None:
        """Write `graph.json`; the constants are written by whoever holds them."""
        data = {
            "inputs": [spec.to_json() for spec in self.inputs],
            "outputs": [spec.to_json() for spec in self.outputs],
            "results": self.results,
            "constants": self.constants,
            "values": {name: [value.dtype, value.shape] for name, value in self.values.items()},
            "nodes": [[n.op, _encode(n.args), _encode(n.kwargs), n.outputs] for n in self.nodes],
        }
        (folder / GRAPH_FILE).write_text(json.dumps(data), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Graph:
        """Read what `write` wrote."""
        data = json.loads((folder / GRAPH_FILE).read_text(encoding="utf-8"))
        return cls(
            inputs=tuple(TensorSpec.from_json(spec) for spec in data["inputs"]),
            outputs=tuple(TensorSpec.from_json(spec) for spec in data["outputs"]),
            results=tuple(data["results"]),
            constants=data["constants"],
            values={name: Tensor(dtype, tuple(shape)) for name, (dtype, shape) in data["values"].items()},
            nodes=tuple(
                Node(op, tuple(_decode(args)), _decode(kwargs), tuple(outputs))
                for op, args, kwargs, outputs in data["nodes"]
            ),
        )


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Ref):
        yield value.name
    elif isinstance(value, Mapping | tuple | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _references(item)


def _encode(value: Any) -> Any:
    if isinstance(value, Ref):
        return {"ref": value.name}
    if isinstance(value, Dtype):
        return {"dtype": value.name}
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, Mapping):
        return {"map": {key: _encode(item) for key, item in value.items()}}
    if isinstance(value, tuple | list):
        return [_encode(item) for item in value]
    return value


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "map":
        return {key: _decode(item) for key, item in content.items()}
    return {"ref": Ref, "dtype": Dtype, "float": float}[kind](content)
