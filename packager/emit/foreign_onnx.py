"""An ONNX model that came as a file, made ready to ship: the same network, with our passes where they hold for it.

Our passes were written for what paddle2onnx makes: one graph, operators of today, weights of numbers. A model with more
than that is left as it is; ONNX Runtime optimises it all the same.
"""

from __future__ import annotations

from onnx import ModelProto, TensorProto

from packager.emit.clean_up import PASSES
from packager.emit.onnx_passes.names import name_nodes
from packager.emit.operator_set import READABLE, operator_set

# From here on a weight need not be an input.
FREE_WEIGHTS_IR = 4


def tidy(model: ModelProto) -> None:
    """Rewrite the model in place: weights that could be fed become constants, traces of who exported it go."""
    graph = model.graph
    weights = {tensor.name for tensor in graph.initializer}
    for place in reversed(range(len(graph.input))):
        if graph.input[place].name in weights:
            del graph.input[place]
    model.ir_version = max(model.ir_version, FREE_WEIGHTS_IR)
    if bears_passes(model):
        for rewrite in PASSES:
            rewrite(graph)
        name_nodes(graph)
        del graph.value_info[:]
    # Exporters leave call stacks there, with the paths of somebody's machine.
    for node in graph.node:
        node.doc_string = ""
        del node.metadata_props[:]


def bears_passes(model: ModelProto) -> bool:
    """Whether the model has nothing that our passes do not know of."""
    graph = model.graph
    plain = not model.functions and not graph.sparse_initializer and not graph.quantization_annotation
    return (
        plain
        and operator_set(model) >= READABLE
        and all(tensor.data_type != TensorProto.STRING for tensor in graph.initializer)
        and all(node.output[0] and _is_plain(attribute) for node in graph.node for attribute in node.attribute)
    )


def _is_plain(attribute: object) -> bool:
    """Whether an attribute holds neither a graph nor texts as a tensor."""
    has = attribute.HasField  # type: ignore[attr-defined]
    return not (has("g") or attribute.graphs or (has("t") and attribute.t.data_type == TensorProto.STRING))  # type: ignore[attr-defined]
