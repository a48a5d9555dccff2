"""Transposed convolutions with one kernel for each channel, in blocks of two channels or more.

Why: Paddle Lite takes a kernel of its own for them, which reads and writes outside of its image in the last columns and
rows (lite/backends/x86/math/conv_depthwise.cc and its twin for arm, `conv_transpose_depthwise_s1` and `_s2`): the heap
is damaged, and the process may die much later. Requires: a constant filter and more than one channel, else the guard
refuses. Ensures: fewer groups than channels, which takes the general kernel. The zeros between the channels of a block
multiply its arithmetic by the smallest prime that divides the channels, two as a rule.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var

TRANSPOSED = ("conv2d_transpose", "depthwise_conv2d_transpose")
STRIDES = ((1, 1), (2, 2))


def channel_blocks(program: Program) -> Program:
    """Join neighbouring groups, with zeros where a channel would see another one."""
    return rewrite(program, TRANSPOSED, _join)


def writes_outside(op: Op, kernels: Var) -> bool:
    """Whether Paddle Lite takes that kernel; the filter is (channels, outputs per group, height, width)."""
    return kernels.shape[:2] == (op.attrs.get("groups", 1), 1) and tuple(op.attrs["strides"]) in STRIDES


def _join(rewriter: Rewriter, op: Op) -> Var | None:
    kernels, groups = rewriter.input(op, "Filter"), op.attrs["groups"]
    if groups == 1 or not writes_outside(op, kernels) or rewriter.array(kernels) is None:
        return None
    block = next(size for size in range(2, groups + 1) if groups % size == 0)
    joined = rewriter.derived(kernels, f"blocks{block}", lambda array: _diagonal(array, block))
    attrs = dict(op.attrs) | {"groups": groups // block}
    return rewriter.emit(
        "conv2d_transpose",
        {"Input": rewriter.input(op, "Input"), "Filter": joined},
        attrs,
        out="Output",
        shape=rewriter.output(op, "Output").shape,
    )


def _diagonal(kernels: NDArray[np.generic], block: int) -> NDArray[np.generic]:
    """(channels, 1, height, width) as (channels, block, height, width)."""
    own = np.arange(len(kernels))[:, None] % block == np.arange(block)
    return np.where(own[:, :, None, None], kernels, np.zeros((), kernels.dtype))
