"""Operators that take a range or a single place of an axis, and those that write one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from packager.lower.builder import Builder, Size
from packager.lower.program import Var
from packager.lower.registry import lowers

CUT = ("cast", "fill_constant", "not_equal", "slice")
END = 2**31 - 1
"""ATen ends an open range with 2^63 - 1; Paddle's attributes are int32."""


def cut(b: Builder, x: Var, axis: int, start: Size, end: Size, shape: Sequence[Any]) -> Var:
    """`slice` of one axis; bounds only known at run time travel as tensors."""
    attrs = {
        "axes": (axis,),
        "starts": (-1 if isinstance(start, Var) else start,),
        "ends": (-1 if isinstance(end, Var) else end,),
        "decrease_axis": (),
        "infer_flags": (-1 if isinstance(start, Var) or isinstance(end, Var) else 1,),
    }
    slots: dict[str, Var | tuple[Var, ...]] = {"Input": b.numbers(x)}
    if isinstance(start, Var):
        slots["StartsTensorList"] = (start,)
    if isinstance(end, Var):
        slots["EndsTensorList"] = (end,)
    return b.back(b.emit("slice", slots, attrs, shape=shape), x.dtype)


def bounds(start: Size | None, end: Size | None) -> tuple[Size, Size]:
    """The bounds of a range with int32 numbers."""
    first = 0 if start is None else start
    last = END if end is None else end
    first = first if isinstance(first, Var) else max(min(first, END), -END)
    return first, last if isinstance(last, Var) else max(min(last, END), -END)


# aten::slice.Tensor(Tensor self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor
@lowers("aten.slice.Tensor", emits=(*CUT, "strided_slice"))
def slice_tensor(
    b: Builder, x: Var, dim: int = 0, start: Size | None = None, end: Size | None = None, step: int = 1
) -> Var:
    axis, shape = dim % x.rank, b.result.shape
    first, last = bounds(start, end)
    if step == 1:
        return x if shape == x.shape else cut(b, x, axis, first, last, shape)
    if isinstance(first, Var) or isinstance(last, Var):
        raise ValueError("a range with a step and bounds that are only known at run time is not supported")
    attrs = {
        "axes": (axis,),
        "starts": (first,),
        "ends": (last,),
        "strides": (step,),
        "infer_flags": (1,),
        "decrease_axis": (),
    }
    return b.back(b.emit("strided_slice", {"Input": b.numbers(x)}, attrs, shape=shape), x.dtype)


# aten::select.int(Tensor self, int dim, SymInt index) -> Tensor
@lowers("aten.select.int", emits=(*CUT, "elementwise_add", "squeeze2"))
def select(b: Builder, x: Var, dim: int, index: Size) -> Var:
    return selected(b, x, dim % x.rank, index)


def selected(b: Builder, x: Var, axis: int, index: Size) -> Var:
    """One place of an axis, which disappears (the last axis stays, as a 0-d tensor has one)."""
    source = b.producer(x)
    if source is not None and source.type == "stack" and source.attrs["axis"] == axis and isinstance(index, int):
        return b.variables[source.inputs["X"][index]]
    if isinstance(index, Var):
        end: Size = b.binary("elementwise_add", index, b.full((1,), 1, "int32"))
    else:
        end = END if index == -1 else index + 1
    kept = tuple(1 if i == axis else size for i, size in enumerate(x.shape))
    return b.squeeze(cut(b, x, axis, index, end, kept), (axis,))


# aten::narrow(Tensor self, int dim, SymInt start, SymInt length) -> Tensor
@lowers("aten.narrow.default", emits=CUT)
def narrow(b: Builder, x: Var, dim: int, start: int, length: int) -> Var:
    end = start + length
    return cut(b, x, dim % x.rank, start, END if end == 0 else end, b.result.shape)


# aten::split.Tensor(Tensor self, SymInt split_size, int dim=0) -> Tensor[]
# aten::split_with_sizes(Tensor self, SymInt[] split_sizes, int dim=0) -> Tensor[]
# aten::chunk(Tensor self, int chunks, int dim=0) -> Tensor[]
@lowers(
    "aten.split.Tensor",
    "aten.split_with_sizes.default",
    "aten.chunk.default",
    emits=("cast", "fill_constant", "not_equal", "split"),
)
def split(b: Builder, x: Var, sizes: Any, dim: int = 0) -> tuple[Var, ...]:
    del sizes  # torch has said the size of every part
    axis = dim % x.rank
    sections = [part.shape[axis] for part in b.results]
    if len(sections) == 1:
        return (x,)
    if not all(isinstance(size, int) for size in sections):
        raise ValueError("a split into parts of unknown size is not supported")
    numbers = b.numbers(x)
    parts = tuple(b.declare(numbers.dtype, part.shape) for part in b.results)
    b.append("split", {"X": numbers}, {"Out": parts}, {"axis": axis, "num": 0, "sections": tuple(sections)})
    return tuple(b.back(part, x.dtype) for part in parts)


# aten::unbind.int(Tensor self, int dim=0) -> Tensor[]
@lowers("aten.unbind.int", emits=(*CUT, "squeeze2"))
def unbind(b: Builder, x: Var, dim: int = 0) -> tuple[Var, ...]:
    return tuple(selected(b, x, dim % x.rank, place) for place in range(len(b.results)))


# aten::slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor
@lowers("aten.slice_scatter.default", emits=(*CUT, "concat"))
def slice_scatter(
    b: Builder, x: Var, source: Var, dim: int = 0, start: Size | None = None, end: Size | None = None, step: int = 1
) -> Var:
    axis = dim % x.rank
    size = x.shape[axis]
    first, last = bounds(start, end)
    if step != 1 or isinstance(first, Var) or isinstance(last, Var):
        raise ValueError("writing a range with a step, or with bounds known at run time, is not supported")
    if isinstance(size, int):
        first, last, _ = slice(first, last).indices(size)
    elif first < 0 or last != END:
        raise ValueError("writing a range with an end into an axis of unknown size is not supported")
    return written(b, x, source, axis, first, last)


# aten::select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor
@lowers("aten.select_scatter.default", emits=(*CUT, "concat", "unsqueeze2"))
def select_scatter(b: Builder, x: Var, source: Var, dim: int, index: int) -> Var:
    axis = dim % x.rank
    size = x.shape[axis]
    if not isinstance(size, int):
        raise ValueError("writing into an axis of unknown size is not supported")
    place = index % size
    source = source if x.rank == 1 else b.unsqueeze(source, (axis,))
    return written(b, x, source, axis, place, place + 1)


def written(b: Builder, x: Var, source: Var, axis: int, first: int, last: int) -> Var:
    """`x` with the places from `first` to `last` replaced: what is before, the source, what is after.

    Of an axis of unknown size, `last` is END.
    """
    size = x.shape[axis]
    size = size if isinstance(size, int) else END

    def part(start: int, end: int) -> Var:
        shape = tuple(end - start if i == axis else length for i, length in enumerate(x.shape))
        return cut(b, x, axis, start, end, shape)

    before = [part(0, first)] if first > 0 else []
    after = [part(last, size)] if last < size else []
    parts = [*before, source, *after]
    return source if len(parts) == 1 else b.emit("concat", {"X": parts}, {"axis": axis}, shape=x.shape)
