"""The registry of lowerings: one small function for each ATen operator.

A lowering takes a Builder and the operator's arguments (tensors as Var, sizes known only at run time as int32 Var of
shape [1], everything else as plain Python) and returns one Var, or a tuple for an operator with several results.
`emits` names every Paddle operator type that the lowering may emit; the table of operators in docs/ shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from packager.errors import UnsupportedModelError

Lower = Callable[..., Any]
Function = TypeVar("Function", bound=Lower)

# The folder's modules, one for each family of operators; importing one registers its lowerings.
FAMILIES = (
    "elementwise",
    "compare",
    "activation",
    "linear",
    "fourier",
    "convolution",
    "normalisation",
    "pooling",
    "resize",
    "reduction",
    "order",
    "shape",
    "join",
    "slicing",
    "index",
    "scatter",
    "choose",
    "create",
    "sizes",
)


@dataclass(frozen=True)
class Lowering:
    """A registered lowering: the ATen operator, the function, and the Paddle operators it may emit."""

    op: str
    function: Lower
    emits: tuple[str, ...]


_LOWERINGS: dict[str, Lowering] = {}


def lowers(*ops: str, emits: tuple[str, ...]) -> Callable[[Function], Function]:
    """Register the decorated function for these ATen operators (`aten.relu.default`); refuses a second registration."""

    def register(function: Function) -> Function:
        for op in ops:
            if op in _LOWERINGS:
                raise ValueError(f"{op} already has a lowering, {_LOWERINGS[op].function.__module__}")
            _LOWERINGS[op] = Lowering(op, function, emits)
        return function

    return register


def lowerings() -> Mapping[str, Lowering]:
    """Every registered lowering, by ATen operator."""
    for family in FAMILIES:
        import_module(f"packager.lower.operators.{family}")
    return _LOWERINGS


def supports(op: str) -> bool:
    """Whether the operator has a lowering."""
    return op in lowerings()


def lookup(op: str) -> Lowering:
    """The operator's lowering; raises UnsupportedModelError that says where to add one."""
    found = lowerings().get(op)
    if found is None:
        raise UnsupportedModelError(
            f"the operator {op} has no lowering", remedy="add one under packager/lower/operators/, see CONTRIBUTING.md"
        )
    return found
