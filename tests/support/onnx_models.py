"""ONNX files of a few operators, as an exporter would write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

Shape = Sequence[int | str | None]
Arrays = Mapping[str, NDArray[np.generic]]
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def model(
    nodes: Sequence[NodeProto],
    inputs: Sequence[ValueInfoProto],
    outputs: Sequence[ValueInfoProto],
    weights: Arrays,
    opset: int = 17,
    domains: Sequence[str] = (),
) -> ModelProto:
    """A model of IR version 8 that passes ONNX's checker; `domains` have operators beside ONNX's own, version 1."""
    initializers = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    graph = helper.make_graph(list(nodes), "main", list(inputs), list(outputs), initializers)
    imports = [helper.make_opsetid("", opset), *(helper.make_opsetid(domain, 1) for domain in domains)]
    made = helper.make_model(graph, opset_imports=imports, ir_version=8)
    onnx.checker.check_model(made)
    return made


def value(name: str, kind: int, shape: Shape | None) -> ValueInfoProto:
    """An input or output; None is a size without a name."""
    return helper.make_tensor_value_info(name, kind, shape)


def words() -> ModelProto:
    """Token ids and a mask to sums of normed vectors of 8 numbers; the vocabulary has 50."""
    random = np.random.default_rng(0)
    weights: Arrays = {
        "table": random.normal(size=(50, 8)).astype(np.float32),
        "scale": random.normal(size=8).astype(np.float32),
        "bias": random.normal(size=8).astype(np.float32),
        "last": np.array([-1]),
        "middle": np.array([1]),
    }
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["found"], doc_string="/home/someone/model.py"),
        helper.make_node("LayerNormalization", ["found", "scale", "bias"], ["normed"]),
        helper.make_node("Cast", ["attention_mask"], ["shown"], to=FLOAT),
        helper.make_node("Unsqueeze", ["shown", "last"], ["column"]),
        helper.make_node("Mul", ["normed", "column"], ["kept"]),
        helper.make_node("ReduceSum", ["kept", "middle"], ["embedding"], keepdims=0),
    ]
    ids, mask = (value(name, INT64, ["batch", "sequence"]) for name in ("input_ids", "attention_mask"))
    return model(nodes, [ids, mask], [value("embedding", FLOAT, ["batch", 8])], weights)


def save(made: ModelProto, path: Path, *, external: bool = False) -> Path:
    """Write the model, with its weights in `weights.bin` beside it if `external`."""
    if external:
        onnx.save_model(made, path, save_as_external_data=True, location="weights.bin")
    else:
        onnx.save_model(made, path)
    return path
