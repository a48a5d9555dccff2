"""Nodes are named by type and number, the model by its producer.

Why: paddle2onnx's counters run on from model to model in one process; quantisers and profilers need a name on every
node.
"""

from __future__ import annotations

from collections import Counter

from onnx import GraphProto

from packager.emit.onnx_passes.values import rename_inputs


def name_nodes(graph: GraphProto) -> None:
    """Name nodes `Conv_0`, `Conv_1` in order, and the values that they make after them."""
    counts: Counter[str] = Counter()
    outputs = {output.name for output in graph.output}
    names: dict[str, str] = {}
    for node in graph.node:
        node.name = f"{node.op_type}_{counts[node.op_type]}"
        node.doc_string = ""
        counts[node.op_type] += 1
        for place, name in enumerate(node.output):
            if name and name not in outputs:
                names[name] = node.output[place] = f"{node.name}_out{place}"
    rename_inputs(graph, names)
