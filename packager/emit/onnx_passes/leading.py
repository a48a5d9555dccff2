"""What is known of the axes of a value: those in front of its features, and how many features there are.

Ranks are not: ONNX files need not say the shapes of what is between, and those that paddle2onnx says may be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

from onnx import NodeProto

from packager.emit.onnx_passes.reading import Reading

UNARY = frozenset(
    ["Relu", "Erf", "Tanh", "Sigmoid", "Softplus", "HardSigmoid", "HardSwish", "Elu", "LeakyRelu", "Sqrt"]
)
BINARY = frozenset(["Add", "Sub", "Mul", "Div", "Pow", "Max", "Min"])

Front = tuple[int, ...] | str
"""The sizes of all axes but the last, of which one may be -1; or the value that they are those of."""


@dataclass(frozen=True)
class Axes:
    """Of one value; `width`, the size of its last axis, is 0 while it is not known."""

    front: Front
    width: int = 0


class Leading:
    """Finds the axes of every value of a graph, in the order of its nodes."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._known: dict[str, Axes] = {}

    def of(self, name: str) -> Axes:
        """What is known of the value; nothing but itself where no node told more."""
        return self._known.get(name, Axes(name))

    def turned(self, name: str) -> bool:
        """Whether a Transpose made the value.

        ONNX Runtime moves it behind a Shape that reads it, and then reorders convolutions' outputs for both.
        """
        maker = self._reading.made.get(name)
        return maker is not None and maker.op_type == "Transpose"

    def see(self, node: NodeProto) -> bool:
        """Note what the node makes; tells whether it works on the features of each position alone."""
        made = self._by_position(node)
        if made is not None:
            # What a Transpose made is better not asked for its sizes; what was normed of it is.
            first = node.op_type == "LayerNormalization" and self.turned(node.input[0])
            self._known[node.output[0]] = Axes(node.output[0], made.width) if first else made
            return not first
        if node.op_type == "Reshape":
            shape = self._reading.constant(node.input[1])
            if shape is not None and shape.size > 1 and min(shape[:-1]) != 0 and shape[-1] > 0:
                self._known[node.output[0]] = Axes(tuple(map(int, shape[:-1])), int(shape[-1]))
        elif node.op_type == "Attention":
            self._known[node.output[0]] = Axes(self.of(node.input[0]).front, self._reading.dims(node.input[2])[0] // 3)
        elif node.op_type == "MultiHeadAttention":
            split = self._reading.made.get(node.input[0])
            if split and split.op_type == "Split" and list(split.output) == list(node.input[:3]):
                joined = self.of(split.input[0])
                self._known[node.output[0]] = Axes(joined.front, joined.width // 3)
        return False

    def _by_position(self, node: NodeProto) -> Axes | None:
        dims = self._reading.dims(node.input[1]) if len(node.input) > 1 else []
        # A scale of one axis: the last one alone is normalised.
        if (node.op_type, len(dims)) in {("MatMul", 2), ("LayerNormalization", 1)}:
            front = self.of(node.input[0]).front
            self._known[node.input[0]] = Axes(front, dims[0])
            return Axes(front, dims[-1])
        if node.op_type in UNARY:
            axes = self.of(node.input[0])
            return axes if axes.width else None
        return self._of_two(node) if node.op_type in BINARY and len(node.input) == 2 else None

    def _of_two(self, node: NodeProto) -> Axes | None:
        one, other = (None if name in self._reading.weights else self.of(name) for name in node.input)
        if one and other:
            return one if one == other and one.width else None
        axes = one or other
        dims = self._reading.dims(node.input[1 if one else 0])
        return axes if axes and axes.width and dims in ([], [1], [axes.width]) else None
