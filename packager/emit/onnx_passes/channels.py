"""Sums that join convolutions with layers on channels are taken where channels are the last axis.

Why: in ConvNeXt such a sum is with what was transposed for it. ONNX Runtime's convolutions give and take channels last
at no cost, but it moves no Transpose past a sum with a convolution's output, and then copies every feature once for
each block, in one thread.
"""

from __future__ import annotations

from onnx import GraphProto, NodeProto, helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import replace_nodes

TO_SECOND, TO_LAST = [0, 3, 1, 2], [0, 2, 3, 1]
"""Where a Transpose moves the channels to, from the last axis or from the second."""


def sum_channels_last(graph: GraphProto) -> None:
    """Transpose behind a sum instead of before it, where the other side comes from such a sum or from a convolution."""
    reading = Reading(graph)
    last: dict[str, str] = {}
    made: dict[str, list[NodeProto]] = {}
    for node in graph.node:
        (out, *_), nodes = node.output, []
        if node.op_type == "Transpose" and reading.permutation(node) == TO_SECOND:
            last[out] = node.input[0]
        elif node.op_type == "Add" and any(name in last for name in node.input):
            for name in node.input:
                if name not in last and name in reading.made and reading.made[name].op_type == "Conv":
                    last[name] = f"{name}.last"
                    nodes.append(helper.make_node("Transpose", [name], [last[name]], perm=TO_LAST))
            if all(name in last for name in node.input):
                last[out] = f"{out}.last.sum"
                nodes.append(helper.make_node("Add", [last[name] for name in node.input], [last[out]]))
                made[out] = [*nodes, helper.make_node("Transpose", [last[out]], [out], perm=TO_SECOND)]
    replace_nodes(graph, made)
