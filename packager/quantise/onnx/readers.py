"""Nodes in float read what nodes in float make, not its rounded twin that a layer beside them reads.

Why: the quantiser lets all readers of a value read the pair around it, so that a residual sum would be rounded for the
sake of the product beside it. Behind a convolution that stays so: its kernel makes integers only.
"""

from __future__ import annotations

from collections.abc import Collection

from onnx import GraphProto, NodeProto

from packager.emit.onnx_passes.reading import Reading
from packager.quantise.onnx.compact import BACK, ROUND
from packager.quantise.onnx.places import KINDS


def spare_readers(graph: GraphProto, floats: Collection[str]) -> int:
    """Let nodes of no KINDS, and those named in `floats`, read floats where they are; tells how many inputs."""
    reading, count = Reading(graph), 0

    def is_float(node: NodeProto | None) -> bool:
        return node is None or node.op_type not in {BACK, ROUND, *KINDS} or node.name in floats

    for node in graph.node:
        if not is_float(node):
            continue
        for place, name in enumerate(node.input):
            back = reading.made.get(name)
            there = reading.made.get(back.input[0]) if back is not None and back.op_type == BACK else None
            if there is None or there.op_type != ROUND:
                continue
            maker = reading.made.get(there.input[0])
            if is_float(maker) or (maker is not None and maker.op_type in {"MatMul", "Gemm"}):
                node.input[place] = there.input[0]
                count += 1
    return count
