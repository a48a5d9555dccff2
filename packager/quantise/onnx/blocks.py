"""Products with int8 weights that have a scale for each block of a column: com.microsoft.MatMulNBits.

Its kernel rounds its input in blocks of a row, too, so that one large number costs the precision of few others.
onnxruntime has a quantiser for this; it needs a library that nothing else here needs, and takes no Gemm.

Source: the schema of MatMulNBits in onnxruntime's ContribOperators document.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from packager.emit.onnx_passes.attention import DOMAIN
from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import replace_nodes

BLOCK, BITS, ZERO = 128, 8, 128
AS_INT8 = 4
"""The accuracy_level at which the input is rounded to int8."""
SMALLEST = 1 << 12
"""Numbers in a weight that is worth it."""
ENGINE = "1.23"
"""The first ONNX Runtime whose kernels for 8 bits were tried on x86 and Arm."""


def by_blocks(network: ModelProto, names: Collection[str]) -> int:
    """Quantise the weights of these MatMul and Gemm nodes, as far as they are plain; tells how many."""
    graph, reading = network.graph, Reading(network.graph)
    made: dict[str, list[NodeProto]] = {}
    for node in graph.node:
        if node.name in names and _is_plain(reading, node):
            made[node.output[0]] = [_product(graph, reading, node)]
    if made:
        replace_nodes(graph, made)
        if all(entry.domain != DOMAIN for entry in network.opset_import):
            network.opset_import.append(helper.make_opsetid(DOMAIN, 1))
    return len(made)


def _is_plain(reading: Reading, node: NodeProto) -> bool:
    dims = reading.dims(node.input[1]) if node.op_type in {"MatMul", "Gemm"} else []
    if len(dims) != 2 or dims[0] * dims[1] < SMALLEST:
        return False
    factors = [reading.attribute(node, "alpha", 1.0), reading.attribute(node, "beta", 1.0)]
    bias = reading.dims(node.input[2]) if len(node.input) > 2 else None
    columns = dims[0] if reading.attribute(node, "transB", 0) else dims[1]
    return factors == [1.0, 1.0] and not reading.attribute(node, "transA", 0) and bias in (None, [columns])


def _product(graph: GraphProto, reading: Reading, node: NodeProto) -> NodeProto:
    """The node with its weight of (K, N) in bytes of (N, blocks, BLOCK), its scales of (N · blocks)."""
    weight = reading.value(node.input[1])
    columns = weight if reading.attribute(node, "transB", 0) else weight.T
    packed, scales = _packed(columns)
    names = [f"{node.name}.bytes", f"{node.name}.scales"]
    graph.initializer.extend(map(numpy_helper.from_array, (packed, scales), names))
    bias = ["", "", node.input[2]] if len(node.input) > 2 else []
    sizes = {"K": columns.shape[1], "N": columns.shape[0], "bits": BITS, "block_size": BLOCK}
    return helper.make_node(
        "MatMulNBits",
        [node.input[0], *names, *bias],
        list(node.output),
        name=node.name,
        domain=DOMAIN,
        accuracy_level=AS_INT8,
        **sizes,
    )


def _packed(columns: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    count, rows = columns.shape
    blocks = -(-rows // BLOCK)
    padded = np.pad(columns, ((0, 0), (0, blocks * BLOCK - rows))).reshape(count, blocks, BLOCK)
    scales = np.maximum(np.abs(padded).max(axis=-1) / (ZERO - 1), np.finfo(np.float32).tiny).astype(np.float32)
    packed = (np.rint(padded / scales[..., None]) + ZERO).astype(np.uint8)
    return packed, scales.reshape(-1)
