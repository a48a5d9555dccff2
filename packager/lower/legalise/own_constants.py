"""Gives every convolution, and every BatchNorm or bias behind one, constants of its own.

Why: Paddle Lite's fusions write into constants in place, and constants are deduplicated by digest. Equal ones are
common: the two branches of a residual sum get the same gradient, so training leaves their biases equal to the bit. The
second fold then starts from what the first one wrote, and the result is silently wrong. In
lite/core/optimizer/mir/fusion these passes write, on both places:
- conv_bn_fuser.cc: the filter, and BatchNorm's bias
- conv_scale_fuser.cc: the filter, and the convolution's bias
- conv_conv_fuser.cc: the first filter, and either bias
- conv_elementwise_fuser.cc: the bias that is added, which becomes the convolution's. It takes only a bias that nobody
  else reads, so a shared one is not wrong there; but it stays an addition of its own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from packager.lower.legalise.rewriter import Rewriter
from packager.lower.program import Op, Program

CONVOLUTIONS = frozenset({"conv2d", "depthwise_conv2d", "conv2d_transpose"})
FOLDED = {
    **dict.fromkeys(CONVOLUTIONS, ("Filter",)),
    "batch_norm": ("Scale", "Bias", "Mean", "Variance"),
}
# BatchNorm writes its statistics back into the variables that it reads.
WRITTEN = {"Mean": "MeanOut", "Variance": "VarianceOut"}


def own_constants(program: Program) -> Program:
    """Copy each of these constants that anything else uses, too."""
    uses = Counter(name for op in program.ops for names in op.inputs.values() for name in names)
    convolved = {name for op in program.ops if op.type in CONVOLUTIONS for name in op.outputs["Output"]}
    rewriter = Rewriter(program)
    for op in program.ops:
        slots = FOLDED.get(op.type, ())
        # Additions are too common elsewhere to be copied everywhere.
        if op.type == "elementwise_add" and op.inputs["X"][0] in convolved:
            slots = ("Y",)
        shared = [slot for slot in slots if uses[op.inputs[slot][0]] > 1]
        rewriter.ops.append(_with_copies(rewriter, op, shared))
    ops, variables, constants = tuple(rewriter.ops), rewriter.variables, rewriter.constants
    return replace(program, ops=ops, variables=variables, constants=constants)


def _with_copies(rewriter: Rewriter, op: Op, slots: list[str]) -> Op:
    rewriter.start(op)
    for slot in slots:
        (shared,) = op.inputs[slot]
        if shared not in rewriter.constants:
            continue
        var = rewriter.variables[shared]
        copy = rewriter.declare(var.dtype, var.shape)
        rewriter.constants[copy.name] = rewriter.constants[shared]
        written = {WRITTEN[slot]: (copy.name,)} if slot in WRITTEN else {}
        op = replace(op, inputs={**op.inputs, slot: (copy.name,)}, outputs={**op.outputs, **written})
    return op
