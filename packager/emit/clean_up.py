"""Our pass over what paddle2onnx writes: the same network, as other tools expect to find it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from onnx import GraphProto, ModelProto, helper

import edge
from edge.manifest import TensorSpec
from packager.emit.onnx_passes.attention import DOMAIN, fuse_attention
from packager.emit.onnx_passes.channels import sum_channels_last
from packager.emit.onnx_passes.concatenations import concatenations_to_sums
from packager.emit.onnx_passes.convolutions import fold_affine
from packager.emit.onnx_passes.fold_weights import fold_weights
from packager.emit.onnx_passes.gates import add_one_to_gates
from packager.emit.onnx_passes.identities import drop_identities
from packager.emit.onnx_passes.initializers import constants_to_initializers
from packager.emit.onnx_passes.moves import gather_moves
from packager.emit.onnx_passes.names import name_nodes
from packager.emit.onnx_passes.patches import patches_to_channels
from packager.emit.onnx_passes.rows import positions_to_rows
from packager.emit.onnx_passes.scales import fold_scales
from packager.emit.onnx_passes.signatures import sign
from packager.emit.onnx_passes.widths import widen_layers

PASSES: tuple[Callable[[GraphProto], None], ...] = (
    constants_to_initializers,
    fold_weights,
    drop_identities,
    fold_affine,
    add_one_to_gates,
    patches_to_channels,
    concatenations_to_sums,
)
"""What makes any model plain; fusions and names come after."""


def clean_up(model: ModelProto, inputs: Sequence[TensorSpec], outputs: Sequence[TensorSpec]) -> None:
    """Rewrite the model in place."""
    for rewrite in PASSES:
        rewrite(model.graph)
    sign(model.graph, inputs, outputs)
    fold_scales(model.graph)
    if fuse_attention(model.graph):
        model.opset_import.append(helper.make_opsetid(DOMAIN, 1))
    sum_channels_last(model.graph)
    positions_to_rows(model.graph)
    widen_layers(model.graph)
    gather_moves(model.graph)
    name_nodes(model.graph)
    model.graph.name = "edgepack"
    model.producer_name, model.producer_version = "edgepack", edge.__version__
    model.doc_string = model.domain = ""
    del model.metadata_props[:]
