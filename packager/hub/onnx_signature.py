"""Inputs and outputs of an ONNX model as specs, and from which values the whole numbers among its inputs come."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onnx import GraphProto, ValueInfoProto, helper

from edge.bundle import DTYPES
from edge.manifest import Dimension, TensorSpec
from packager.errors import UnsupportedModelError

REMEDY = "export the model with tensors of numbers as inputs and outputs, their shapes stated"
SYMBOL = re.compile(r"[A-Za-z_][\w.:/-]*", re.ASCII)
# What leaves the values of indices as they are.
PASSING = frozenset({"Cast", "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze"})


def inputs(graph: GraphProto) -> tuple[TensorSpec, ...]:
    """What the caller feeds; an input that has a default among the weights is not one.

    Symbols keep their names. A size without a name is `batch` on the first axis, else named after its place. Raises
    UnsupportedModelError for inputs that are no tensors of a dtype that engines share.
    """
    weights = {tensor.name for tensor in graph.initializer}
    fed = [value for value in graph.input if value.name not in weights]
    return tuple(_spec(value, prefix=f"{value.name}_" if len(fed) > 1 else "") for value in fed)


def outputs(graph: GraphProto) -> tuple[TensorSpec, ...]:
    """What the caller gets; sizes as for inputs."""
    return tuple(_spec(value, prefix=f"{value.name}_") for value in graph.output)


def index_limits(graph: GraphProto) -> dict[str, int]:
    """For inputs that pick rows of weights: how many rows the smallest of those tables has."""
    tables = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    tables |= {node.output[0]: tuple(a.t.dims) for node in graph.node for a in node.attribute if a.name == "value"}
    found: dict[str, int] = {}
    same = {value.name: value.name for value in graph.input}
    for node in graph.node:
        if node.op_type in PASSING and node.input and node.input[0] in same:
            same[node.output[0]] = same[node.input[0]]
        elif node.op_type == "Gather" and len(node.input) == 2 and node.input[1] in same and node.input[0] in tables:
            axis = next((attribute.i for attribute in node.attribute if attribute.name == "axis"), 0)
            shape, name = tables[node.input[0]], same[node.input[1]]
            if -len(shape) <= axis < len(shape) and shape[axis] > 0:
                found[name] = min(found.get(name, shape[axis]), shape[axis])
    return found


def _spec(value: ValueInfoProto, prefix: str) -> TensorSpec:
    tensor = value.type.tensor_type
    try:
        dtype = helper.tensor_dtype_to_np_dtype(tensor.elem_type).name if value.type.HasField("tensor_type") else ""
    except (KeyError, ValueError):
        dtype = ""
    if dtype not in DTYPES:
        raise UnsupportedModelError(f"{value.name!r} is no tensor of {', '.join(sorted(DTYPES))}", remedy=REMEDY)
    return TensorSpec(name=value.name, dtype=dtype, shape=tuple(_sizes(tensor.shape.dim, prefix)))


def _sizes(dims: Iterable[object], prefix: str) -> Iterable[Dimension]:
    for axis, dim in enumerate(dims):
        name, size = str(getattr(dim, "dim_param", "")), int(getattr(dim, "dim_value", 0))
        if size > 0:
            yield size
        elif SYMBOL.fullmatch(name):
            yield name
        else:
            yield "batch" if axis == 0 else f"{prefix}axis{axis}"
