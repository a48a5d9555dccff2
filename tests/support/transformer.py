"""A layer of a text model as our emitter writes it: a table, ONNX Runtime's attention, a GELU between two products."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, helper

from packager.emit.onnx_passes.attention import DOMAIN
from packager.quantise.feeds import Feed
from tests.support.onnx_models import FLOAT, INT64, Arrays, model, value

WORDS, WIDTH, HEADS, INNER = 1100, 64, 4, 128


def transformer(seed: int = 0) -> ModelProto:
    """Token ids (n, s) to vectors (n, s, 64); the Gemms are `Gemm_0` and `Gemm_1`, the attention `Attention_0`."""
    random = np.random.default_rng(seed)

    def weight(*shape: int) -> NDArray[np.float32]:
        return np.asarray(random.normal(size=shape) / np.sqrt(shape[0]), np.float32)

    weights: Arrays = {
        "table": random.normal(size=(WORDS, WIDTH)).astype(np.float32),
        "one": np.ones(WIDTH, np.float32),
        "none": np.zeros(WIDTH, np.float32),
        "qkv": weight(WIDTH, 3 * WIDTH),
        "qkv.bias": weight(3 * WIDTH),
        "up": weight(WIDTH, INNER),
        "up.bias": weight(INNER),
        "down": weight(INNER, WIDTH),
        "down.bias": weight(WIDTH),
        "rows": np.array([-1, WIDTH]),
        "root": np.array(np.sqrt(2), np.float32),
        "unit": np.array(1, np.float32),
        "half": np.array(0.5, np.float32),
    }
    nodes = [
        _node("Gather", ["table", "ids"], "found"),
        _node("LayerNormalization", ["found", "one", "none"], "x"),
        _node("Attention", ["x", "qkv", "qkv.bias"], "mixed", num_heads=HEADS, scale=0.25, domain=DOMAIN),
        _node("Add", ["x", "mixed"], "sum"),
        _node("Shape", ["sum"], "sizes"),
        _node("Reshape", ["sum", "rows"], "flat"),
        _node("Gemm", ["flat", "up", "up.bias"], "wide"),
        _node("Div", ["wide", "root"], "scaled"),
        _node("Erf", ["scaled"], "erf"),
        _node("Add", ["erf", "unit"], "above", 1),
        _node("Mul", ["wide", "above"], "twice"),
        _node("Mul", ["twice", "half"], "gelu", 1),
        _node("Gemm", ["gelu", "down", "down.bias"], "narrow", 1),
        _node("Reshape", ["narrow", "sizes"], "again", 1),
        _node("Add", ["sum", "again"], "vectors", 2),
    ]
    ids, vectors = value("ids", INT64, ["n", "s"]), value("vectors", FLOAT, ["n", "s", WIDTH])
    return model(nodes, [ids], [vectors], weights, domains=(DOMAIN,))


def token_feeds(seed: int, count: int = 8) -> list[Feed]:
    """Calls of two sentences of eleven words."""
    random = np.random.default_rng(seed)
    return [{"ids": random.integers(0, WORDS, size=(2, 11))} for _ in range(count)]


def _node(kind: str, inputs: list[str], out: str, number: int = 0, **attributes: Any) -> NodeProto:
    return helper.make_node(kind, inputs, [out], name=f"{kind}_{number}", **attributes)
