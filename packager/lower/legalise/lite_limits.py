"""What Paddle Lite 2.13 cannot do with operators that it lists: a rule says why, or nothing.

Only what x86, which the build can try, does not show reliably, and what kills `opt`: parity finds the rest. Each
rule names its source in Paddle Lite in its docstring, which docs/operators.md shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod

from edge.manifest import Dimension
from packager.lower.dtypes import broadcast, is_float
from packager.lower.legalise.channel_blocks import TRANSPOSED, writes_outside
from packager.lower.legalise.compare_broadcast import MIRRORED
from packager.lower.legalise.logical_broadcast import ARITHMETIC
from packager.lower.legalise.reduce_axes import PAIRS, REDUCTIONS
from packager.lower.program import Op, Program, Var

Limit = Callable[[Program, Op], str]

# Read without a default (lite/operators/activation_ops.cc), and Paddle 3 does not write them all.
ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "elu": ("alpha",),
    "hard_sigmoid": ("slope", "offset"),
    "hard_swish": ("threshold", "scale", "offset"),
    "leaky_relu": ("alpha",),
    "mish": ("threshold",),
    "prelu": ("mode",),
    "relu6": ("threshold",),
    "softplus": ("beta", "threshold"),
    "swish": ("beta",),
    "thresholded_relu": ("threshold",),
}


def _reduction(program: Program, op: Op) -> str:
    """The arm kernels abort on most sets of axes (lite/kernels/arm/reduce_{mean,sum,max,min,prod}_compute.cc)."""
    x = _input(program, op, "X")
    if x.rank > 4:
        return "the arm kernel takes four dimensions at most"
    # In the order given: the kernels know (2, 3) and not (3, 2).
    axes = tuple(axis % x.rank for axis in op.attrs.get("dim", ()))
    if not axes:
        taken = op.type in ("reduce_mean", "reduce_sum")
    else:
        taken = len(axes) == 1 or (x.rank == 4 and axes in PAIRS)
        # Where axes are given, `reduce_all` is ignored.
        taken &= x.rank == 1 or not op.attrs.get("reduce_all", False)
        taken &= op.type != "reduce_prod" or x.rank == 4
    return "" if taken else f"the arm kernel does not take the axes {axes or 'all'} of {x.shape}"


def _product(program: Program, op: Op) -> str:
    """The arm kernel does not broadcast the leading axes (lite/kernels/arm/matmul_v2_compute.cc)."""
    x, y = (_input(program, op, slot) for slot in ("X", "Y"))
    if x.rank > 2 and y.rank > 2 and not _alike(x.shape[:-2], y.shape[:-2]):
        return f"the arm kernel does not broadcast {x.shape} and {y.shape}"
    return ""


def _logical(program: Program, op: Op) -> str:
    """Unequal shapes are read past the end of the smaller one (lite/kernels/host/logical_compute.cc)."""
    x, y = (_input(program, op, slot) for slot in ("X", "Y"))
    return "" if _alike(x.shape, y.shape) else f"it does not broadcast {x.shape} and {y.shape}"


def _comparison(program: Program, op: Op) -> str:
    """Only the right side is broadcast (lite/kernels/host/compare_compute.cc)."""
    x, y = (_input(program, op, slot) for slot in ("X", "Y"))
    if _alike(x.shape, broadcast(x.shape, y.shape)) or prod(_known(size) or 0 for size in y.shape) == 1:
        return ""
    return f"it does not broadcast its left side {x.shape} to {y.shape}"


def _padding(program: Program, op: Op) -> str:
    """Repeated edges become others in `opt` (lite/core/optimizer/mir/fusion/unsqueeze2_pad3d_squeeze2_fuse.cc)."""
    del program
    mode = op.attrs.get("mode", "constant")
    return "" if mode == "constant" else f"the mode {mode!r} needs sizes that are known"


def _transposed(program: Program, op: Op) -> str:
    """The kernel for one filter per channel writes outside of its image (see channel_blocks for where)."""
    outside = writes_outside(op, _input(program, op, "Filter"))
    return "its kernel for one filter per channel writes outside of its memory" if outside else ""


def _largest(program: Program, op: Op) -> str:
    """The kernel takes floats only and reads integers as if they were (lite/kernels/host/topk_v2_compute.cc)."""
    dtype = _input(program, op, "X").dtype
    return "" if is_float(dtype) else f"it reads {dtype} as floats"


def _flatten(program: Program, op: Op) -> str:
    """`opt` dies on a null pointer where the output XShape is missing, on both places."""
    del program
    return "" if "XShape" in op.outputs else "without its output XShape it kills opt"


def _input(program: Program, op: Op, slot: str) -> Var:
    return program.variables[op.inputs[slot][0]]


def _known(size: Dimension) -> int | None:
    """The size, or None for a symbol and for the -1 of a model file."""
    return size if isinstance(size, int) and size >= 0 else None


def _alike(x: tuple[Dimension, ...], y: tuple[Dimension, ...]) -> bool:
    """Two sizes of which one is unknown are taken as equal, unless the other is 1."""
    return len(x) == len(y) and all(
        a == b or (1 not in (a, b) and None in (_known(a), _known(b))) for a, b in zip(x, y, strict=True)
    )


LIMITS: Mapping[str, Limit] = {
    **dict.fromkeys(REDUCTIONS, _reduction),
    **dict.fromkeys(ARITHMETIC, _logical),
    **dict.fromkeys(MIRRORED, _comparison),
    **dict.fromkeys(TRANSPOSED, _transposed),
    "flatten_contiguous_range": _flatten,
    "matmul_v2": _product,
    "pad3d": _padding,
    "top_k_v2": _largest,
}
