"""Identity nodes are dropped.

Why: they cost a node each and hide patterns from ONNX Runtime's fusions.
"""

from __future__ import annotations

from onnx import GraphProto

from packager.emit.onnx_passes.values import drop, rename_inputs


def drop_identities(graph: GraphProto) -> None:
    """Readers of an Identity read its input; one that makes an output of an input or a constant has to stay."""
    outputs = {output.name for output in graph.output}
    fixed = outputs | {value.name for value in (*graph.input, *graph.initializer)}
    for node in graph.node:
        if node.op_type != "Identity":
            continue
        source, result = node.input[0], node.output[0]
        if result in outputs and source in fixed:
            continue
        node.output[0] = ""  # it makes nothing any more
        if result in outputs:
            _rename_output(graph, source, result)
        else:
            rename_inputs(graph, {result: source})
    drop(graph.node, lambda node: node.op_type == "Identity" and not node.output[0])


def _rename_output(graph: GraphProto, old: str, new: str) -> None:
    for node in graph.node:
        for place, name in enumerate(node.output):
            if name == old:
                node.output[place] = new
    rename_inputs(graph, {old: new})
