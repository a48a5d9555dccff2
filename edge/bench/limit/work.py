"""What a network computes and must move, counted from the sizes of its nodes.

Operators are those of ONNX and of ONNX Runtime's own domain (docs/ContribOperators.md there).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from edge.engines.ort_nodes import Node


@dataclass(frozen=True)
class Work:
    """`flops` of products, `bytes` of the weights that are read; `uncounted` operators may hold products, too."""

    flops: int
    bytes: int
    uncounted: tuple[str, ...]


def work_of(nodes: Iterable[Node]) -> Work:
    """Add up; a weight that several nodes share is counted at each of them."""
    nodes = tuple(nodes)
    return Work(
        flops=sum(PRODUCTS[node.operator](node) for node in nodes if node.operator in PRODUCTS),
        bytes=sum(_weights(node) for node in nodes),
        uncounted=tuple(sorted({node.operator for node in nodes} & UNCOUNTED)),
    )


def _weights(node: Node) -> int:
    """Of a table only the rows that were looked up."""
    return min(node.constants, node.written) if node.operator in LOOKUPS else node.constants


def _convolution(node: Node) -> int:
    """Every output is a product with one filter, (filters, channels of its group, *kernel)."""
    return 2 * math.prod(node.outputs[0]) * math.prod(node.inputs[1][1:])


def _transposed_convolution(node: Node) -> int:
    """Every input is multiplied with the filters of its channel, (channels, filters of its group, *kernel)."""
    return 2 * math.prod(node.inputs[0]) * math.prod(node.inputs[1][1:])


def _matmul(node: Node) -> int:
    return 2 * math.prod(node.outputs[0]) * node.inputs[0][-1]


def _gemm(node: Node) -> int:
    """Either side may be transposed, which is not told: (M K)(K N) / (M N) is K squared whichever is."""
    first, second, out = (math.prod(shape[-2:]) for shape in (*node.inputs[:2], node.outputs[0]))
    return 2 * math.prod(node.outputs[0]) * math.isqrt(first * second // out) if out else 0


def _attention(node: Node) -> int:
    """ONNX Runtime's multiplies its input with one matrix for queries, keys and values first; ONNX's is given those."""
    if len(node.inputs[1]) != 2:
        return _scores(node)
    given, weights = node.inputs[:2]
    width = node.outputs[0][-1]
    return 2 * math.prod(given) * weights[1] + 4 * given[0] * given[1] ** 2 * width


def _scores(node: Node) -> int:
    """Queries times keys, that times values: (B, S, H) and (B, L, H), or with heads (B, N, S, D) and (B, N, L, D)."""
    queries = node.inputs[0]
    if len(queries) == 5:  # all three in one, (B, S, N, 3, D)
        return 4 * math.prod(node.outputs[0]) * queries[1]
    keys = node.inputs[1]
    return 2 * (math.prod(queries) + math.prod(node.outputs[0])) * keys[-2]


def _recurrent(node: Node) -> int:
    """X (steps, batch, width) with W and R (directions, gates, width): each step multiplies both."""
    steps, batch = node.inputs[0][:2]
    return 2 * steps * batch * (math.prod(node.inputs[1]) + math.prod(node.inputs[2]))


PRODUCTS: Mapping[str, Callable[[Node], int]] = {
    "Conv": _convolution,
    "FusedConv": _convolution,
    "ConvTranspose": _transposed_convolution,
    "MatMul": _matmul,
    "Gemm": _gemm,
    "FusedGemm": _gemm,
    "FusedMatMul": _gemm,
    "Attention": _attention,
    "MultiHeadAttention": _scores,
    "LSTM": _recurrent,
    "GRU": _recurrent,
    "RNN": _recurrent,
}

UNCOUNTED = frozenset(
    [
        *("Einsum", "DFT", "STFT", "DeformConv", "GroupQueryAttention", "PackedAttention", "QAttention"),
        *(
            "QLinearConv",
            "QLinearMatMul",
            "QGemm",
            "ConvInteger",
            "MatMulInteger",
            "MatMulNBits",
            "DynamicQuantizeLSTM",
        ),
        *("DynamicQuantizeMatMul", "MatMulIntegerToFloat"),
    ]
)
"""Operators with products whose sizes or rates are others; a limit that leaves them out is still one, only lower."""

LOOKUPS = frozenset({"Gather", "GatherElements", "GatherND", "EmbedLayerNormalization"})
