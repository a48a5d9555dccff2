"""Finds what made a value, and what is known of it, for passes that recognise patterns."""

from __future__ import annotations

from collections import Counter
from typing import Any

from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

# A shape or one number; a weight is not read for a look at it.
SMALL = 16


class Reading:
    """A graph's nodes by what they make, its initializers by name, and how often each value is read."""

    def __init__(self, graph: GraphProto) -> None:
        self.made: dict[str, NodeProto] = {name: node for node in graph.node for name in node.output}
        self.weights: dict[str, TensorProto] = {tensor.name: tensor for tensor in graph.initializer}
        self._readers = Counter(name for node in graph.node for name in node.input)
        self._readers.update(output.name for output in graph.output)

    def alone(self, name: str, kind: str) -> NodeProto | None:
        """The node of this type that makes the value, if the value has one reader."""
        node = self.made.get(name)
        return node if node is not None and node.op_type == kind and self._readers[name] == 1 else None

    def readers(self, name: str) -> int:
        """How often the value is read, as an output of the graph, too."""
        return self._readers[name]

    def constant(self, name: str) -> NDArray[Any] | None:
        """A small initializer's numbers."""
        tensor = self.weights.get(name)
        few = tensor is not None and sum(tensor.dims) <= SMALL and len(tensor.dims) <= 1
        return numpy_helper.to_array(tensor) if few else None

    def value(self, name: str) -> NDArray[Any]:
        """An initializer's numbers."""
        return numpy_helper.to_array(self.weights[name])  # type: ignore[no-any-return]

    def dims(self, name: str) -> list[int]:
        """An initializer's sizes; none for a value that is computed."""
        return list(self.weights[name].dims) if name in self.weights else []

    @staticmethod
    def attribute(node: NodeProto, name: str, default: Any) -> Any:
        """An attribute's value."""
        return next((helper.get_attribute_value(one) for one in node.attribute if one.name == name), default)

    def permutation(self, node: NodeProto) -> list[int]:
        """Of a Transpose."""
        return list(self.attribute(node, "perm", []))
