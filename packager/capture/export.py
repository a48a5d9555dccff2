"""torch.export with symbolic sizes, then decomposition into core ATen but for operators that engines have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch.export import Dim, ExportedProgram

from packager.capture.refusal import refusal
from packager.capture.translate import translating
from packager.capture.wrapper import Captive
from packager.errors import ExportRefusedError
from packager.tasks.plan import Axis, InputPlan

# Composite operators that are kept whole, and what would become of them. Core ATen operators (convolution, gelu,
# _softmax, hardtanh, avg_pool2d, embedding) need no entry; batch_norm always becomes
# _native_batch_norm_legit_no_training.
KEPT_OPERATORS = (
    "aten.linear.default",  # view, transpose, addmm, view: a fused `fc` would have to be found again
    "aten.matmul.default",  # expand, view, bmm, view: one n-dimensional operator in every engine
    "aten.layer_norm.default",  # native_layer_norm with two results that nobody reads
    "aten.group_norm.default",  # native_group_norm, likewise
    "aten.adaptive_avg_pool2d.default",  # mean over axes that Paddle Lite does not take on arm
    "aten.max_pool2d.default",  # max_pool2d_with_indices with indices that nobody reads
    "aten.silu.default",  # sigmoid and mul
    "aten.hardswish.default",  # add, clamp, mul, div
    "aten.hardsigmoid.default",  # add, clamp, div
    "aten.relu6.default",  # hardtanh
    "aten.softplus.default",  # where, exp, log1p
    "aten.mish.default",  # the same and tanh, mul
    "aten.prelu.default",  # where, mul
    "aten.pixel_shuffle.default",  # view, permute, view of rank 6
    "aten.upsample_bilinear2d.vec",  # arange, floor, index, lerp
    "aten.upsample_bicubic2d.vec",
    "aten.upsample_nearest2d.vec",
)
REMEDY = "use another model, or another task of this one"

# Sizes of the example call. Neither 0 nor 1, which torch takes for constants; height and width differ.
EXAMPLE_BATCH = 3
EXAMPLE_LENGTHS = (17, 13)


def export(captive: Captive, plan: Sequence[InputPlan], device: str) -> ExportedProgram:
    """Trace the network; no arithmetic is done. Raises ExportRefusedError where it depends on values or sizes."""
    symbols = {axis.name: _dim(axis) for one in plan for axis in _ranges(one)}
    shapes = tuple(
        {at: symbols[axis.name] for at, axis in enumerate(one.axes) if isinstance(axis, Axis)} for one in plan
    )
    call = tuple(example(one, device) for one in plan)
    what = f"{type(captive.model).__name__} cannot be exported"
    told = partial(refusal, network=captive.model)
    with translating(what, ExportRefusedError, remedy=REMEDY, told=told), torch.no_grad():
        program = torch.export.export(captive, call, dynamic_shapes={"tensors": shapes}, strict=False)
        decomposed: ExportedProgram = program.run_decompositions(_decompositions())
        return decomposed


def _decompositions() -> Any:
    table: Any = torch.export.default_decompositions()
    for name in KEPT_OPERATORS:
        _, operator, overload = name.split(".")
        table.pop(getattr(getattr(torch.ops.aten, operator), overload), None)
    return table


def _dim(axis: Axis) -> Any:
    """Torch's symbol: a size that is a multiple of a number is that number times a symbol."""
    dim = Dim(axis.name, min=axis.minimum // axis.multiple, max=axis.maximum // axis.multiple)
    return dim if axis.multiple == 1 else axis.multiple * dim


def _ranges(plan: InputPlan) -> list[Axis]:
    return [axis for axis in plan.axes if isinstance(axis, Axis)]


def example(plan: InputPlan, device: str) -> torch.Tensor:
    """A value that fits the plan; no size in it is 0 or 1 unless the plan demands it."""
    sizes = [axis if isinstance(axis, int) else _example_size(axis, at) for at, axis in enumerate(plan.axes)]
    return torch.ones(sizes, dtype=getattr(torch, plan.dtype), device=device)


def _example_size(axis: Axis, at: int) -> int:
    usual = EXAMPLE_BATCH if axis.name == "batch" else EXAMPLE_LENGTHS[at % 2] * axis.multiple
    return max(min(usual, axis.maximum), axis.minimum)
