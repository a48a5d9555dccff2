"""Emits Paddle operators for one ATen node after another.

The builder knows what torch says of the node's results (`results`), so a lowering takes shapes from there instead of
computing them: a size that is equal in input and output, symbol or number, can be copied by Paddle's `reshape2` (a 0 in its
shape attribute) and needs no run-time shape arithmetic at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.manifest import Dimension
from packager.capture.graph import Node, Tensor
from packager.lower.program import Op, Var

# paddle/fluid/framework/framework.proto, VarType.Type
DTYPE_CODES = {"bool": 0, "int16": 1, "int32": 2, "int64": 3, "float16": 4, "float32": 5, "float64": 6, "uint8": 20, "int8": 21}

Slots = Mapping[str, Var | Sequence[Var]]


class Builder:
    """Collects operators, variables and constants; one builder makes one program."""

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self.variables: dict[str, Var] = {}
        self.constants: dict[str, NDArray[np.generic]] = {}
        self.results: tuple[Tensor, ...] = ()
        self._prefix = ""
        self._count = 0

    def begin(self, node: Node, results: tuple[Tensor, ...]) -> None:
        """Start a node: its name prefixes the variables, `results` is what torch says of its outputs."""
        self.results = results
        self._prefix = node.outputs[0]
        self._count = 0

    @property
    def result(self) -> Tensor:
        """What torch says of the node's first output; a 0-d tensor has shape (1,) in Paddle's legacy programs."""
        return self.results[0]

    def declare(self, dtype: str, shape: Sequence[Dimension]) -> Var:
        """A new variable of this node."""
        name = f"{self._prefix}.{self._count}"
        self._count += 1
        var = Var(name, dtype, tuple(shape))
        self.variables[name] = var
        return var

    def emit(
        self,
        type: str,  # noqa: A002 (Paddle's word)
        inputs: Slots,
        attrs: Mapping[str, Any] | None = None,
        *,
        out: str = "Out",
        like: Var | None = None,
        dtype: str | None = None,
        shape: Sequence[Dimension] | None = None,
        side: Sequence[str] = (),
    ) -> Var:
        """Append one operator and return the variable of its slot `out`.

        Dtype and shape are those of `like` (by default the first input) unless given. `side` names output slots that the
        engines demand although nobody reads them (`XShape`, `Mean`).
        """
        slots = {slot: (v,) if isinstance(v, Var) else tuple(v) for slot, v in inputs.items()}
        like = like or next((v for vs in slots.values() for v in vs), None)
        if like is None and (dtype is None or shape is None):
            raise ValueError(f"{type} has no input: its dtype and shape must be given")
        result = self.declare(dtype or like.dtype, like.shape if shape is None else shape)  # type: ignore[union-attr]
        outputs = {out: (result.name,)} | {slot: (self.declare("float32", ()).name,) for slot in side}
        names = {slot: tuple(v.name for v in vs) for slot, vs in slots.items()}
        self.ops.append(Op(type, names, outputs, dict(attrs or {})))
        return result

    def constant(self, array: NDArray[np.generic]) -> Var:
        """A persistable variable with these values; a 0-d array becomes one of shape [1]."""
        array = np.ascontiguousarray(array)
        var = self.declare(str(array.dtype), array.shape or (1,))
        self.constants[var.name] = array.reshape(array.shape or (1,))
        return var

    def array(self, var: Var) -> NDArray[np.generic] | None:
        """The values of a constant, or None for a variable that is computed."""
        return self.constants.get(var.name)

    def full(self, shape: Sequence[int], value: complex | bool, dtype: str) -> Var:
        """`fill_constant`: `str_value` carries what a float32 attribute cannot (int64, inf)."""
        text = str(int(value)) if dtype.startswith(("int", "uint", "bool")) else repr(float(value))  # type: ignore[arg-type]
        attrs = {"shape": tuple(shape), "value": float(value), "str_value": text, "dtype": DTYPE_CODES[dtype]}  # type: ignore[arg-type]
        return self.emit("fill_constant", {}, attrs, dtype=dtype, shape=shape)

    def operand(self, value: Var | complex | bool, dtype: str) -> Var:
        """A tensor or number as a Var of this dtype: numbers become [1], tensors are cast where they differ."""
        return self.cast(value, dtype) if isinstance(value, Var) else self.full((1,), value, dtype)

    def cast(self, x: Var, dtype: str) -> Var:
        """`cast`, or `x` itself where it has the dtype already."""
        if x.dtype == dtype:
            return x
        return self.emit("cast", {"X": x}, {"in_dtype": DTYPE_CODES[x.dtype], "out_dtype": DTYPE_CODES[dtype]}, dtype=dtype)

    def size(self, x: Var, axis: int) -> Var:
        """The size of one axis at run time, int32 of shape [1]."""
        shape = self.emit("shape", {"Input": x}, dtype="int32", shape=(x.rank,))
        attrs = {"axes": (0,), "starts": (axis,), "ends": (axis + 1,), "decrease_axis": (), "infer_flags": (1,)}
        return self.emit("slice", {"Input": shape}, attrs, shape=(1,))

    def reshape(self, x: Var, shape: Sequence[Dimension], sizes: Sequence[int | Var] | None = None) -> Var:
        """`reshape2` to `shape` (numbers and symbols).

        Sizes equal to the input's at the same axis are copied (0) and one more may be inferred (-1). Where more are
        unknown, `sizes` must hold each size as a number or an int32 Var and travels as `ShapeTensor`.
        """
        shape = tuple(shape) or (1,)
        copied = [0 if axis < x.rank and x.shape[axis] == size and not isinstance(size, int) else size for axis, size in enumerate(shape)]
        unknown = [axis for axis, size in enumerate(copied) if isinstance(size, str)]
        if len(unknown) <= 1 and -1 not in copied:
            attribute = tuple(-1 if isinstance(size, str) else size for size in copied)
            return self.emit("reshape2", {"X": x}, {"shape": attribute}, shape=shape, side=("XShape",))
        if sizes is None:
            raise ValueError(f"reshape to {shape}: the sizes of axes {unknown} are needed at run time")
        tensors = [size if isinstance(size, Var) else self.full((1,), size, "int32") for size in sizes]
        attribute = tuple(-1 if isinstance(size, Var) else size for size in sizes)
        return self.emit("reshape2", {"X": x, "ShapeTensor": tensors}, {"shape": attribute}, shape=shape, side=("XShape",))

    def transpose(self, x: Var, axes: Sequence[int]) -> Var:
        """`transpose2`; `axes` may be negative."""
        order = tuple(axis % x.rank for axis in axes)
        return self.emit("transpose2", {"X": x}, {"axis": order}, shape=[x.shape[a] for a in order], side=("XShape",))

    def binary(self, type: str, x: Var, y: Var, *, dtype: str | None = None, shape: Sequence[Dimension] | None = None) -> Var:  # noqa: A002
        """A broadcasting elementwise operator over tensors of one dtype; the shape is the larger rank's unless given."""
        wider = x if x.rank >= y.rank else y
        return self.emit(type, {"X": x, "Y": y}, {"axis": -1}, dtype=dtype or x.dtype, shape=wider.shape if shape is None else shape)
