"""Emits Paddle operators for one ATen node after another.

The builder knows what torch says of the node's results (`results`), so a lowering takes shapes from there instead of
computing them: a size that is equal in input and output, symbol or number, can be copied by Paddle's `reshape2` (a 0 in
its shape attribute) and needs no run-time shape arithmetic at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.manifest import Dimension
from packager.capture.graph import Node, Tensor
from packager.lower.dtypes import broadcast
from packager.lower.program import Op, Var

# paddle/fluid/framework/framework.proto, VarType.Type
DTYPE_CODES = {
    "bool": 0,
    "int16": 1,
    "int32": 2,
    "int64": 3,
    "float16": 4,
    "float32": 5,
    "float64": 6,
    "uint8": 20,
    "int8": 21,
}

Slots = Mapping[str, Var | Sequence[Var]]
Number = float  # also int and bool
Operand = Var | Number
Size = int | Var
"""A size in an argument list: a number, or an int32 Var of shape [1] where it is only known at run time."""


class Builder:
    """Collects operators, variables and constants; one builder makes one program."""

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self.variables: dict[str, Var] = {}
        self.constants: dict[str, NDArray[np.generic]] = {}
        self.results: tuple[Tensor, ...] = ()
        self._prefix = ""
        self._count = 0
        self._made: dict[tuple[str | float, ...], Var] = {}
        self._producers: dict[str, Op] = {}

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

        Dtype and shape are those of `like` (by default the first input) unless given. `side` names output slots that
        the engines demand although nobody reads them (`XShape`, `Mean`).
        """
        slots = {slot: (v,) if isinstance(v, Var) else tuple(v) for slot, v in inputs.items()}
        like = like or next((v for vs in slots.values() for v in vs), None)
        if like is None and (dtype is None or shape is None):
            raise ValueError(f"{type} has no input: its dtype and shape must be given")
        result = self.declare(dtype or like.dtype, like.shape if shape is None else shape)  # type: ignore[union-attr]
        self.append(type, slots, {out: (result,)} | {slot: (self.declare("float32", ()),) for slot in side}, attrs)
        return result

    def append(self, type: str, inputs: Slots, outputs: Slots, attrs: Mapping[str, Any] | None = None) -> None:  # noqa: A002
        """Append an operator whose outputs are declared already: `emit` for more than one result."""
        ins, outs = (
            {slot: tuple(v.name for v in ((vs,) if isinstance(vs, Var) else vs)) for slot, vs in slots.items()}
            for slots in (inputs, outputs)
        )
        op = Op(type, ins, outs, dict(attrs or {}))
        self.ops.append(op)
        self._producers |= {name: op for names in outs.values() for name in names}

    def producer(self, var: Var) -> Op | None:
        """The operator that computes `var`; None for an input or a constant."""
        return self._producers.get(var.name)

    def constant(self, array: NDArray[np.generic]) -> Var:
        """A persistable variable with these values; a 0-d array becomes one of shape [1]."""
        array = np.ascontiguousarray(array)
        var = self.declare(str(array.dtype), array.shape or (1,))
        self.constants[var.name] = array.reshape(array.shape or (1,))
        return var

    def derived(self, var: Var, suffix: str, change: Callable[[NDArray[np.generic]], NDArray[np.generic]]) -> Var:
        """A constant made from the constant `var`, once: layers that share a weight share what is made of it."""
        name = f"{var.name}.{suffix}"
        if name not in self.variables:
            # Left as a view: the writer makes it contiguous, and the zeros of a pre-flight need no memory.
            array = change(self.constants[var.name])
            self.constants[name] = array
            self.variables[name] = Var(name, str(array.dtype), array.shape)
        return self.variables[name]

    def array(self, var: Var) -> NDArray[np.generic] | None:
        """The values of a constant, or None for a variable that is computed."""
        return self.constants.get(var.name)

    def is_zero(self, var: Var) -> bool:
        """Whether the variable is known to be 0 everywhere."""
        op, array = self.producer(var), self.array(var)
        if op is not None and op.type in ("fill_constant", "fill_any_like"):
            return bool(op.attrs["value"] == 0)
        return array is not None and not array.any()

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
        return self.emit(
            "cast", {"X": x}, {"in_dtype": DTYPE_CODES[x.dtype], "out_dtype": DTYPE_CODES[dtype]}, dtype=dtype
        )

    def affine(self, x: Var, scale: float, bias: float) -> Var:
        """`scale`: x · scale + bias for float32, where the attributes hold the numbers exactly as torch uses them."""
        if (scale, bias) == (1, 0):
            return x
        return self.emit("scale", {"X": x}, {"scale": float(scale), "bias": float(bias), "bias_after_scale": True})

    def truth(self, x: Var) -> Var:
        """`x != 0` as bool; `x` itself where it is bool. Lite's `cast` has no int64 to bool."""
        return x if x.dtype == "bool" else self.binary("not_equal", x, self.full((1,), 0, x.dtype), dtype="bool")

    def numbers(self, x: Var) -> Var:
        """`x`, as int32 where it is bool: hardly a kernel that moves data takes bool. `back` undoes it."""
        return self.cast(x, "int32") if x.dtype == "bool" else x

    def back(self, x: Var, dtype: str) -> Var:
        """What was made of `numbers(...)` in the dtype that it had."""
        return self.truth(x) if dtype == "bool" else x

    def size(self, x: Var, axis: int) -> Var:
        """The size of one axis at run time, int32 of shape [1]; asked twice, it is computed once."""
        axis %= x.rank

        def make() -> Var:
            shape = self.emit("shape", {"Input": x}, dtype="int32", shape=(x.rank,))
            attrs = {"axes": (0,), "starts": (axis,), "ends": (axis + 1,), "decrease_axis": (), "infer_flags": (1,)}
            return self.emit("slice", {"Input": shape}, attrs, shape=(1,))

        return self.once(("size", x.name, axis), make)

    def once(self, key: tuple[str | float, ...], make: Callable[[], Var]) -> Var:
        """What `make` emits, which happens only the first time that the key is asked for."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def size_vars(self, sizes: Sequence[Size]) -> tuple[Var, ...]:
        """Every size as an int32 Var of shape [1], for slots such as `ShapeTensor`."""
        return tuple(size if isinstance(size, Var) else self.full((1,), size, "int32") for size in sizes)

    def sizes(self, x: Var) -> tuple[Size, ...]:
        """The sizes of `x`: numbers where they are known."""
        return tuple(size if isinstance(size, int) else self.size(x, axis) for axis, size in enumerate(x.shape))

    def reshape(self, x: Var, shape: Sequence[Dimension], sizes: Sequence[int | Var] | None = None) -> Var:
        """`reshape2` to `shape` (numbers and symbols).

        Sizes equal to the input's at the same axis are copied (0) and one more may be inferred (-1). Where more are
        unknown, `sizes` must hold each size as a number or an int32 Var and travels as `ShapeTensor`.
        """
        shape = tuple(shape) or (1,)
        if shape == x.shape:
            return x
        for source in (self._before_reshapes(x), x):
            attribute = _reshape_attribute(source.shape, shape)
            if attribute is not None:
                return self.emit("reshape2", {"X": source}, {"shape": attribute}, shape=shape, side=("XShape",))
        if sizes is None:
            raise ValueError(f"reshape from {x.shape} to {shape}: the sizes are needed at run time")
        slots: Slots = {"X": x, "ShapeTensor": self.size_vars(sizes)}
        attribute = tuple(-1 if isinstance(size, Var) else size for size in sizes)
        return self.emit("reshape2", slots, {"shape": attribute}, shape=shape, side=("XShape",))

    def _before_reshapes(self, x: Var) -> Var:
        """What `x` was before a chain of reshapes: a view of a view needs only the last one."""
        op = self.producer(x)
        return self._before_reshapes(self.variables[op.inputs["X"][0]]) if op and op.type == "reshape2" else x

    def squeeze(self, x: Var, axes: Sequence[int]) -> Var:
        """`squeeze2` of axes of size 1; the result has one axis at least."""
        dropped = {axis % x.rank for axis in axes}
        if not dropped or x.rank == 1:
            return x
        shape = tuple(size for axis, size in enumerate(x.shape) if axis not in dropped) or (1,)
        kept = {0} if len(dropped) == x.rank else set()
        attrs = {"axes": tuple(sorted(dropped - kept))}
        return self.emit("squeeze2", {"X": x}, attrs, shape=shape, side=("XShape",))

    def unsqueeze(self, x: Var, axes: Sequence[int]) -> Var:
        """`unsqueeze2`: axes of size 1 at these places of the result, in rising order."""
        shape = list(x.shape)
        for axis in axes:
            shape.insert(axis, 1)
        return self.emit("unsqueeze2", {"X": x}, {"axes": tuple(axes)}, shape=shape, side=("XShape",))

    def transpose(self, x: Var, axes: Sequence[int]) -> Var:
        """`transpose2`; `axes` may be negative."""
        order = tuple(axis % x.rank for axis in axes)
        return self.emit("transpose2", {"X": x}, {"axis": order}, shape=[x.shape[a] for a in order], side=("XShape",))

    def binary(
        self,
        type: str,  # noqa: A002
        x: Var,
        y: Var,
        *,
        dtype: str | None = None,
    ) -> Var:
        """A broadcasting elementwise operator over tensors of one dtype."""
        return self.emit(
            type, {"X": x, "Y": y}, {"axis": -1}, dtype=dtype or x.dtype, shape=broadcast(x.shape, y.shape)
        )


def _reshape_attribute(old: Sequence[Dimension], new: Sequence[Dimension]) -> tuple[int, ...] | None:
    """`reshape2`'s attribute: 0 copies the size of that axis, one -1 is inferred; None where that is not enough."""
    copied = [
        0 if isinstance(size, str) and axis < len(old) and old[axis] == size else size for axis, size in enumerate(new)
    ]
    unknown = sum(isinstance(size, str) or size == -1 for size in copied)
    return tuple(-1 if isinstance(size, str) else size for size in copied) if unknown <= 1 else None
