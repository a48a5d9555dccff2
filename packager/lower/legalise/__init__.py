"""Rewrites a neutral program into one that an engine's converter takes and computes rightly.

Each pass is one rule about one tool, with the reason in its docstring; what no pass can mend, the engine's guard at
the end refuses. Both results are still programs that Paddle runs, and are measured there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from packager.lower.legalise.along_axis import along_axis
from packager.lower.legalise.bitwise_sums import bitwise_sums
from packager.lower.legalise.bool_constants import bool_constants
from packager.lower.legalise.bool_operands import bool_operands
from packager.lower.legalise.bool_outputs import bool_outputs
from packager.lower.legalise.casts import casts
from packager.lower.legalise.channel_blocks import channel_blocks
from packager.lower.legalise.clamp_masks import clamp_masks
from packager.lower.legalise.compare_broadcast import compare_broadcast
from packager.lower.legalise.early_rows import early_rows
from packager.lower.legalise.edge_padding import edge_padding
from packager.lower.legalise.float_equality import float_equality
from packager.lower.legalise.floor_division import floor_division
from packager.lower.legalise.fused_abs import fused_abs
from packager.lower.legalise.integer_extremes import integer_extremes
from packager.lower.legalise.lite_guard import lite_guard
from packager.lower.legalise.logical_broadcast import logical_broadcast
from packager.lower.legalise.multiply import multiply
from packager.lower.legalise.near_identity import near_identity
from packager.lower.legalise.onnx_guard import onnx_guard
from packager.lower.legalise.own_constants import own_constants
from packager.lower.legalise.plain_functions import plain_functions
from packager.lower.legalise.reduce_axes import reduce_axes
from packager.lower.legalise.scatter_rank import scatter_rank
from packager.lower.legalise.softplus_options import softplus_options
from packager.lower.legalise.tanh_gelu import tanh_gelu
from packager.lower.program import Program
from packager.lower.prune import prune

Pass = Callable[[Program], Program]

PASSES: Mapping[str, tuple[Pass, ...]] = {
    "onnxruntime": (early_rows, tanh_gelu, softplus_options, near_identity, bool_operands, onnx_guard),
    "paddlelite": (
        tanh_gelu,
        plain_functions,
        along_axis,
        scatter_rank,
        float_equality,
        floor_division,
        integer_extremes,
        fused_abs,
        bitwise_sums,
        edge_padding,
        bool_constants,
        logical_broadcast,
        bool_operands,
        compare_broadcast,
        casts,
        multiply,
        channel_blocks,
        reduce_axes,
        clamp_masks,
        bool_outputs,
        own_constants,
        lite_guard,
    ),
}


def legalise(program: Program, engine: str) -> Program:
    """The program for one engine, `onnxruntime` or `paddlelite`.

    A bool output is int32 for Paddle Lite; everything else about inputs and outputs stays. Raises
    UnsupportedModelError for an operator that the engine's converter lacks or would silently get wrong.
    """
    for rewrite in PASSES[engine]:
        program = rewrite(program)
    return prune(program)
