"""Operators that join tensors, repeat their edges or turn them round."""

from __future__ import annotations

from collections.abc import Sequence

from packager.lower.builder import Builder, Number
from packager.lower.program import Var
from packager.lower.registry import lowers


# aten::cat(Tensor[] tensors, int dim=0) -> Tensor    an empty 1-D tensor joins anything
@lowers("aten.cat.default", emits=("cast", "concat", "fill_constant", "not_equal"))
def cat(b: Builder, tensors: Sequence[Var], dim: int = 0) -> Var:
    dtype = b.result.dtype
    parts = [b.numbers(b.cast(x, dtype)) for x in tensors if x.shape != (0,)]
    if len(parts) == 1:
        return b.back(parts[0], dtype)
    return b.back(b.emit("concat", {"X": parts}, {"axis": dim % parts[0].rank}, shape=b.result.shape), dtype)


# aten::stack(Tensor[] tensors, int dim=0) -> Tensor    0-d tensors have one axis already, so they are joined
@lowers("aten.stack.default", emits=("cast", "concat", "fill_constant", "not_equal", "stack"))
def stack(b: Builder, tensors: Sequence[Var], dim: int = 0) -> Var:
    dtype, shape = b.result.dtype, b.result.shape
    parts = [b.numbers(b.cast(x, dtype)) for x in tensors]
    if len(shape) == parts[0].rank:
        return b.back(b.emit("concat", {"X": parts}, {"axis": 0}, shape=shape), dtype)
    return b.back(b.emit("stack", {"X": parts}, {"axis": dim % len(shape)}, out="Y", shape=shape), dtype)


# aten::constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor    pairs from the last axis on
@lowers("aten.constant_pad_nd.default", emits=("cast", "fill_constant", "not_equal", "pad", "slice"))
def constant_pad_nd(b: Builder, x: Var, pad: Sequence[int], value: Number = 0) -> Var:
    pairs = [(pad[i], pad[i + 1]) for i in range(0, len(pad), 2)]
    sides = [(0, 0)] * (x.rank - len(pairs)) + pairs[::-1]
    dtype, x = x.dtype, b.numbers(x)
    cut = [axis for axis, (before, after) in enumerate(sides) if before < 0 or after < 0]
    if cut:
        attrs = {
            "axes": tuple(cut),
            "starts": tuple(max(-sides[axis][0], 0) for axis in cut),
            "ends": tuple(sides[axis][1] if sides[axis][1] < 0 else 2**31 - 1 for axis in cut),
            "decrease_axis": (),
            "infer_flags": (1,) * len(cut),
        }
        x = b.emit("slice", {"Input": x}, attrs, shape=b.result.shape)
    widths = tuple(max(side, 0) for pair in sides for side in pair)
    if any(widths):
        x = b.emit("pad", {"X": x}, {"paddings": widths, "pad_value": float(value)}, shape=b.result.shape)
    return b.back(x, dtype)


# aten::reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor, replication_pad2d likewise
@lowers("aten.reflection_pad2d.default", emits=("pad3d", "squeeze2", "unsqueeze2"))
def reflection_pad2d(b: Builder, x: Var, padding: Sequence[int]) -> Var:
    return pad_with_edges(b, x, padding, "reflect")


@lowers("aten.replication_pad2d.default", emits=("pad3d", "squeeze2", "unsqueeze2"))
def replication_pad2d(b: Builder, x: Var, padding: Sequence[int]) -> Var:
    return pad_with_edges(b, x, padding, "replicate")


def pad_with_edges(b: Builder, x: Var, padding: Sequence[int], mode: str) -> Var:
    """`pad3d` (left, right, top, bottom, front, back) over an image with a depth of 1."""
    if x.rank != 4:
        raise ValueError("an input without a batch axis is not supported")
    attrs = {"paddings": (*padding, 0, 0), "mode": mode, "value": 0.0, "data_format": "NCDHW"}
    shape = (*b.result.shape[:2], 1, *b.result.shape[2:])
    return b.squeeze(b.emit("pad3d", {"X": b.unsqueeze(x, (2,))}, attrs, shape=shape), (2,))


# aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor
@lowers("aten.roll.default", emits=("roll",))
def roll(b: Builder, x: Var, shifts: Sequence[int], dims: Sequence[int] = ()) -> Var:
    if not dims:
        raise ValueError("rolling over all axes at once is not supported")
    axes = tuple(dim % x.rank for dim in dims)
    # paddle2onnx does not turn round more than once.
    sizes = [x.shape[axis] for axis in axes]
    once = tuple(shift % size if isinstance(size, int) else shift for shift, size in zip(shifts, sizes, strict=True))
    return b.emit("roll", {"X": x}, {"shifts": once, "axis": axes})


TRIANGLE = ("cast", "fill_constant", "not_equal", "tril_triu")


# aten::tril(Tensor self, int diagonal=0) -> Tensor, triu likewise
@lowers("aten.tril.default", emits=TRIANGLE)
def tril(b: Builder, x: Var, diagonal: int = 0) -> Var:
    return triangle(b, x, diagonal, lower=True)


@lowers("aten.triu.default", emits=TRIANGLE)
def triu(b: Builder, x: Var, diagonal: int = 0) -> Var:
    return triangle(b, x, diagonal, lower=False)


def triangle(b: Builder, x: Var, diagonal: int, *, lower: bool) -> Var:
    """`tril_triu`; Paddle Lite has no kernel of it for bool."""
    out = b.emit("tril_triu", {"X": b.numbers(x)}, {"diagonal": diagonal, "lower": lower})
    return b.back(out, x.dtype)
