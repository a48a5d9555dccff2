"""The child that reads an ONNX network; its weights are not needed."""

from __future__ import annotations

from typing import Any

import onnx

from packager.quantise.onnx.places import fragile

CONVOLUTIONS = frozenset({"Conv", "ConvTranspose"})
PRODUCTS = frozenset({"MatMul", "Gemm", "Attention"})


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"convolutions", "products", "fragile"}`."""
    graph = onnx.load(request["model"]).graph
    weights = {tensor.name for tensor in graph.initializer}
    kinds = [node.op_type for node in graph.node if len(node.input) > 1 and node.input[1] in weights]
    return {
        "convolutions": sum(kind in CONVOLUTIONS for kind in kinds),
        "products": sum(kind in PRODUCTS for kind in kinds),
        "fragile": fragile(graph),
    }
