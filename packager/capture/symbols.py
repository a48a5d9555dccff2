"""torch's symbolic sizes under public names, so that equal sizes have equal strings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy  # type: ignore[import-untyped]
import torch
from torch.export import ExportedProgram

from edge.manifest import Dimension
from packager.capture.graph import Tensor
from packager.tasks.plan import Axis, InputPlan

# Half precision is computed in float32 here, and float64 appears only by accident (a Python float in a buffer).
DTYPES = {torch.float16: "float32", torch.bfloat16: "float32", torch.float64: "float32"}


class Symbols:
    """Renames `s77` to `batch`; made from the exported inputs and their plan, in the same order."""

    def __init__(self, inputs: Sequence[torch.fx.Node], plan: Sequence[InputPlan]) -> None:
        self._names: dict[Any, sympy.Symbol] = {}
        for node, one in zip(inputs, plan, strict=True):
            for size, axis in zip(node.meta["val"].shape, one.axes, strict=True):
                if isinstance(axis, Axis) and isinstance(size, torch.SymInt):
                    (symbol,) = size.node.expr.free_symbols  # `32*s53` where the axis is a multiple of 32
                    self._names[symbol] = sympy.Symbol(axis.name, integer=True, positive=True) / axis.multiple

    def shape(self, sizes: Sequence[int | torch.SymInt]) -> tuple[Dimension, ...]:
        """Each size as a number, a name or an expression in canonical form."""
        return tuple(self._size(size) for size in sizes)

    def _size(self, size: int | torch.SymInt) -> Dimension:
        if isinstance(size, int):
            return size
        renamed = sympy.expand(size.node.expr.xreplace(self._names))
        return int(renamed) if renamed.is_Integer else str(renamed)

    def describe(self, value: Any) -> Tensor:
        """A tensor's or size's dtype and shape."""
        if isinstance(value, torch.Tensor):
            return Tensor(dtype_name(value.dtype), self.shape(value.shape))
        return Tensor("symint", ())


def dtype_name(dtype: torch.dtype) -> str:
    """The name, as numpy has it, of the dtype that the graph computes in."""
    return DTYPES.get(dtype, str(dtype).removeprefix("torch."))


def user_inputs(program: ExportedProgram) -> list[torch.fx.Node]:
    """The placeholders that the caller fills, in order."""
    names: Mapping[str, torch.fx.Node] = {n.name: n for n in program.graph.nodes if n.op == "placeholder"}
    return [names[name] for name in program.graph_signature.user_inputs if isinstance(name, str)]
