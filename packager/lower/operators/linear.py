"""Matrix products, all as `matmul_v2`; the legalisation for Lite turns products with a constant into `mul`.

A linear layer's weight is stored [out, in]. It is transposed here, once for all layers that share it, because both
engines want [in, out]: paddle2onnx would insert a Transpose for `trans_y`, and Lite's `mul` has no such attribute.
"""

from __future__ import annotations

from edge.manifest import Dimension
from packager.lower.builder import Builder, Number
from packager.lower.operators.elementwise import affine
from packager.lower.program import Var
from packager.lower.registry import lowers


def product(b: Builder, x: Var, y: Var, *, trans_y: bool = False) -> Var:
    """`matmul_v2` of two tensors of rank 2 or more."""
    columns = y.shape[-2 if trans_y else -1]
    batch: tuple[Dimension, ...] = x.shape[:-2] if x.rank >= y.rank else y.shape[:-2]
    attrs = {"trans_x": False, "trans_y": trans_y}
    return b.emit("matmul_v2", {"X": x, "Y": y}, attrs, shape=(*batch, x.shape[-2], columns))


# aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor
@lowers("aten.linear.default", emits=("elementwise_add", "matmul_v2", "reshape2"))
def linear(b: Builder, x: Var, weight: Var, bias: Var | None = None) -> Var:
    rows = b.reshape(x, (1, *x.shape)) if x.rank == 1 else x
    if b.array(weight) is None:
        y = product(b, rows, weight, trans_y=True)
    else:
        y = product(b, rows, b.derived(weight, "transposed", lambda array: array.T))
    y = y if bias is None else b.binary("elementwise_add", y, bias)
    return b.reshape(y, b.result.shape) if x.rank == 1 else y


# aten::matmul(Tensor self, Tensor other) -> Tensor, bmm and mm likewise
@lowers("aten.matmul.default", "aten.bmm.default", "aten.mm.default", emits=("matmul_v2", "reshape2"))
def matmul(b: Builder, x: Var, y: Var) -> Var:
    left = b.reshape(x, (1, *x.shape)) if x.rank == 1 else x
    right = b.reshape(y, (*y.shape, 1)) if y.rank == 1 else y
    out = product(b, left, right)
    return out if (left, right) == (x, y) else b.reshape(out, b.result.shape, _sizes_without_row(b, x, y))


def _sizes_without_row(b: Builder, x: Var, y: Var) -> tuple[int | Var, ...]:
    left = b.sizes(x)[:-1] if x.rank > 1 else ()
    right = (*b.sizes(y)[:-2], b.sizes(y)[-1]) if y.rank > 1 else ()
    return (*left, *right) or (1,)


# aten::mv(Tensor self, Tensor vec) -> Tensor
# aten::dot(Tensor self, Tensor tensor) -> Tensor
@lowers("aten.mv.default", "aten.dot.default", emits=("matmul_v2", "reshape2"))
def vector_product(b: Builder, x: Var, vector: Var) -> Var:
    return matmul(b, x, vector)


# aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor
# aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor
# beta · self + alpha · mat1 @ mat2
@lowers("aten.addmm.default", "aten.baddbmm.default", emits=("elementwise_add", "matmul_v2", "scale"))
def addmm(b: Builder, bias: Var, x: Var, y: Var, *, beta: Number = 1, alpha: Number = 1) -> Var:
    out = affine(b, product(b, x, y), alpha, 0)
    return out if beta == 0 else b.binary("elementwise_add", out, affine(b, bias, beta, 0))
