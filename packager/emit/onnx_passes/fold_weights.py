"""Operators that only rearrange a weight are done once, here.

Why: paddle2onnx leaves Transpose, Cast, Unsqueeze and the like between a weight and its use, and ONNX Runtime would
keep both copies in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, helper, numpy_helper

from packager.emit.onnx_passes.initializers import merge_equal
from packager.emit.onnx_passes.values import drop

Array = NDArray[Any]
Fold = Callable[[Sequence[Array], dict[str, Any]], Array]


def _reshape(given: Sequence[Array], attributes: dict[str, Any]) -> Array:
    x, shape = given
    zero_copies = not attributes.get("allowzero")
    return x.reshape([x.shape[axis] if size == 0 and zero_copies else int(size) for axis, size in enumerate(shape)])


FOLDS: dict[str, Fold] = {
    "Cast": lambda given, attributes: given[0].astype(helper.tensor_dtype_to_np_dtype(attributes["to"])),
    "Identity": lambda given, _: given[0],
    "Reshape": _reshape,
    "Squeeze": lambda given, _: np.squeeze(given[0], tuple(int(axis) for axis in given[1]) if len(given) > 1 else None),
    "Transpose": lambda given, attributes: np.transpose(given[0], attributes.get("perm")),
    "Unsqueeze": lambda given, _: np.expand_dims(given[0], tuple(int(axis) for axis in given[1])),
}


def fold_weights(graph: GraphProto) -> None:
    """Replace a node of FOLDS whose inputs are all initializers by its result; chains fold whole."""
    known = {tensor.name: tensor for tensor in graph.initializer}
    stored = len(known)
    for node in graph.node:
        if node.op_type in FOLDS and all(name in known for name in node.input):
            given = [numpy_helper.to_array(known[name]) for name in node.input]
            attributes = {item.name: helper.get_attribute_value(item) for item in node.attribute}
            result = FOLDS[node.op_type](given, attributes)
            graph.initializer.append(numpy_helper.from_array(result, node.output[0]))
            known[node.output[0]] = graph.initializer[-1]
    if len(known) > stored:
        drop(graph.node, lambda node: node.output[0] in known)
        merge_equal(graph)
