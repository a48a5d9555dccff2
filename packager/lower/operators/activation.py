"""Activations. Every attribute is spelled out: Lite's parsers read them without defaults."""

from __future__ import annotations

import math
from typing import Any

from packager.lower.builder import Builder, Number
from packager.lower.operators.elementwise import clipped, unary
from packager.lower.program import Var
from packager.lower.registry import lowers

# aten::NAME(Tensor self) -> Tensor
UNARY = {
    "aten.log_sigmoid.default": "logsigmoid",
    "aten.relu.default": "relu",
    "aten.sigmoid.default": "sigmoid",
    "aten.silu.default": "silu",
    "aten.tanh.default": "tanh",
}
for _op, _type in UNARY.items():
    lowers(_op, emits=("cast", _type))(unary(_type))


# aten::gelu(Tensor self, *, str approximate='none') -> Tensor
@lowers("aten.gelu.default", emits=("gelu",))
def gelu(b: Builder, x: Var, approximate: str = "none") -> Var:
    return b.emit("gelu", {"X": x}, {"approximate": approximate == "tanh"})


# aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor
@lowers("aten.hardtanh.default", emits=("clip", "relu6"))
def hardtanh(b: Builder, x: Var, min_val: Number = -1, max_val: Number = 1) -> Var:
    return clipped(b, x, min_val, max_val)


# aten::relu6(Tensor self) -> Tensor
@lowers("aten.relu6.default", emits=("relu6",))
def relu6(b: Builder, x: Var) -> Var:
    return clipped(b, x, 0, 6)


# aten::hardswish(Tensor self) -> Tensor
@lowers("aten.hardswish.default", emits=("hard_swish",))
def hardswish(b: Builder, x: Var) -> Var:
    return b.emit("hard_swish", {"X": x}, {"threshold": 6.0, "scale": 6.0, "offset": 3.0})


# aten::hardsigmoid(Tensor self) -> Tensor
@lowers("aten.hardsigmoid.default", emits=("hard_sigmoid",))
def hardsigmoid(b: Builder, x: Var) -> Var:
    return b.emit("hard_sigmoid", {"X": x}, {"slope": 1 / 6, "offset": 0.5})


# aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor
@lowers("aten.leaky_relu.default", emits=("leaky_relu",))
def leaky_relu(b: Builder, x: Var, negative_slope: Number = 0.01) -> Var:
    return b.emit("leaky_relu", {"X": x}, {"alpha": float(negative_slope)})


# aten::elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor
# With other scales than 1 (SELU): scale · (max(x, 0) + alpha · (exp(min(x, 0) · input_scale) - 1))
@lowers(
    "aten.elu.default",
    emits=("elementwise_add", "elementwise_min", "elu", "exp", "fill_constant", "relu", "scale"),
)
def elu(b: Builder, x: Var, alpha: Number = 1, scale: Number = 1, input_scale: Number = 1) -> Var:
    if (scale, input_scale) == (1, 1):
        return b.emit("elu", {"X": x}, {"alpha": float(alpha)})
    below = b.binary("elementwise_min", x, b.full((1,), 0, x.dtype))
    below = b.emit("exp", {"X": b.affine(below, input_scale, 0)})
    return b.binary(
        "elementwise_add", b.affine(b.emit("relu", {"X": x}), scale, 0), b.affine(below, scale * alpha, -scale * alpha)
    )


SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


# aten::selu(Tensor self) -> Tensor
@lowers("aten.selu.default", emits=("elementwise_add", "elementwise_min", "exp", "fill_constant", "relu", "scale"))
def selu(b: Builder, x: Var) -> Var:
    return elu(b, x, SELU_ALPHA, SELU_SCALE)


# aten::celu(Tensor self, Scalar alpha=1.0) -> Tensor
@lowers(
    "aten.celu.default", emits=("elementwise_add", "elementwise_min", "elu", "exp", "fill_constant", "relu", "scale")
)
def celu(b: Builder, x: Var, alpha: Number = 1) -> Var:
    return elu(b, x, alpha, 1, 1 / alpha)


# aten::prelu(Tensor self, Tensor weight) -> Tensor, _prelu_kernel: the weight already has the input's rank
@lowers("aten.prelu.default", "aten._prelu_kernel.default", emits=("prelu", "reshape2"))
def prelu(b: Builder, x: Var, weight: Var) -> Var:
    slopes = math.prod(size for size in weight.shape if isinstance(size, int))
    attrs = {"mode": "all" if slopes == 1 else "channel", "data_format": "NCHW"}
    return b.emit("prelu", {"X": x, "Alpha": b.reshape(weight, (slopes,))}, attrs)


# aten::softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor    x where beta · x > threshold
@lowers("aten.softplus.default", emits=("softplus",))
def softplus(b: Builder, x: Var, beta: Number = 1, threshold: Number = 20) -> Var:
    return b.emit("softplus", {"X": x}, {"beta": float(beta), "threshold": float(threshold)})


# aten::mish(Tensor self) -> Tensor
@lowers("aten.mish.default", emits=("mish",))
def mish(b: Builder, x: Var) -> Var:
    return b.emit("mish", {"X": x}, {"threshold": 20.0})


# aten::glu(Tensor self, int dim=-1) -> Tensor
@lowers("aten.glu.default", emits=("elementwise_mul", "sigmoid", "split"))
def glu(b: Builder, x: Var, dim: int = -1) -> Var:
    value, gate = (b.declare(x.dtype, b.result.shape) for _ in range(2))
    b.append("split", {"X": x}, {"Out": (value, gate)}, {"axis": dim % x.rank, "num": 2, "sections": ()})
    return b.binary("elementwise_mul", value, b.emit("sigmoid", {"X": gate}))


# aten::_softmax(Tensor self, int dim, bool half_to_float) -> Tensor
# aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor
@lowers("aten._softmax.default", "aten.softmax.int", emits=("cast", "softmax"))
def softmax(b: Builder, x: Var, dim: int, *_: Any, **__: Any) -> Var:
    return b.emit("softmax", {"X": b.cast(x, b.result.dtype)}, {"axis": dim % x.rank})


# aten::_log_softmax(Tensor self, int dim, bool half_to_float) -> Tensor
# aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor
@lowers("aten._log_softmax.default", "aten.log_softmax.int", emits=("cast", "log_softmax"))
def log_softmax(b: Builder, x: Var, dim: int, *_: Any, **__: Any) -> Var:
    return b.emit("log_softmax", {"X": b.cast(x, b.result.dtype)}, {"axis": dim % x.rank})
