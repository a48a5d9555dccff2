"""Gives nodes weights of their own: equal constants of a graph are one, so none may be changed in its place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, numpy_helper

from packager.emit.onnx_passes.values import drop


def set_weight(graph: GraphProto, node: NodeProto, place: int, value: NDArray[np.generic]) -> str:
    """Let the node read this value there, as float32 if it is a float; returns the name of the new initializer."""
    name = f"{node.input[place]}:{node.name or node.output[0]}"
    array = value.astype(np.float32) if np.issubdtype(value.dtype, np.floating) else value
    drop(graph.initializer, lambda tensor: tensor.name == name)
    graph.initializer.append(numpy_helper.from_array(array, name))
    node.input[place] = name
    return name
