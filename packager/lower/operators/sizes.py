"""Sizes that are only known at run time, and Python's arithmetic on them: int32 tensors of shape [1].

Most of it is dead in the end, because lowerings copy sizes instead of computing them, and is pruned.
"""

from __future__ import annotations

from packager.lower.builder import Builder, Size
from packager.lower.program import Var
from packager.lower.registry import Lower, lowers


# aten::sym_size.int(Tensor self, int dim) -> SymInt
@lowers("aten.sym_size.int", emits=("shape", "slice"))
def sym_size(b: Builder, x: Var, dim: int) -> Var:
    return b.size(x, dim)


# aten::sym_numel(Tensor self) -> SymInt
@lowers("aten.sym_numel.default", emits=("elementwise_mul", "fill_constant", "shape", "slice"))
def sym_numel(b: Builder, x: Var) -> Var:
    total, *others = b.size_vars(b.sizes(x))
    for size in others:
        total = b.binary("elementwise_mul", total, size)
    return total


def arithmetic(type: str) -> Lower:  # noqa: A002 (Paddle's word)
    """The lowering of one of Python's operators on sizes."""

    def lower(b: Builder, x: Size, y: Size) -> Var:
        left, right = b.size_vars((x, y))
        return b.binary(type, left, right)

    return lower


ARITHMETIC = {
    "operator.add": "elementwise_add",
    "operator.sub": "elementwise_sub",
    "operator.mul": "elementwise_mul",
    "operator.floordiv": "elementwise_floordiv",
    "operator.mod": "elementwise_mod",
    "torch.sym_max": "elementwise_max",
    "torch.sym_min": "elementwise_min",
}
for _op, _type in ARITHMETIC.items():
    lowers(_op, emits=("fill_constant", _type))(arithmetic(_type))


@lowers("operator.neg", emits=("elementwise_sub", "fill_constant"))
def neg(b: Builder, x: Var) -> Var:
    return b.binary("elementwise_sub", b.full((1,), 0, "int32"), x)
