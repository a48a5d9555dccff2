"""Normalisations with learned scale and bias, as they run in inference.

A missing scale or bias is spelled out as ones or zeros, which no engine can misread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from packager.lower.builder import Builder, Number
from packager.lower.program import Var
from packager.lower.registry import lowers

Results = tuple[Var | None, ...]


def vector(b: Builder, x: Var | None, size: int, value: Number) -> Var:
    """The parameter as a vector of `size`, or that many times `value`."""
    if x is None:
        name = f"filled.{value}.{size}"
        if name not in b.variables:
            b.constants[name] = np.full((size,), value, "float32")
            b.variables[name] = Var(name, "float32", (size,))
        return b.variables[name]
    if x.shape == (size,):
        return x
    return b.reshape(x, (size,)) if b.array(x) is None else b.derived(x, "flat", np.ravel)


# aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training,
#                  float momentum, float eps, bool cudnn_enabled) -> Tensor
@lowers("aten.batch_norm.default", emits=("batch_norm", "reshape2"))
def batch_norm(
    b: Builder,
    x: Var,
    weight: Var | None,
    bias: Var | None,
    mean: Var | None,
    variance: Var | None,
    training: bool,
    momentum: float,
    eps: float,
    *_: Any,
) -> Var:
    del momentum
    if training or mean is None or variance is None:
        raise ValueError("a BatchNorm that uses the statistics of its input is not supported")
    return normalised_by_statistics(b, x, (weight, bias, mean, variance), eps)


# aten::_native_batch_norm_legit_no_training(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean,
#     Tensor running_var, float momentum, float eps) -> (Tensor, Tensor, Tensor)
@lowers("aten._native_batch_norm_legit_no_training.default", emits=("batch_norm", "reshape2"))
def native_batch_norm(
    b: Builder, x: Var, weight: Var | None, bias: Var | None, mean: Var, variance: Var, momentum: float, eps: float
) -> Results:
    del momentum
    return normalised_by_statistics(b, x, (weight, bias, mean, variance), eps), None, None


def normalised_by_statistics(b: Builder, x: Var, parameters: Sequence[Var | None], eps: float) -> Var:
    """`batch_norm` over [N, C, H, W]; an input of rank 2 or 3 is reshaped to that and back."""
    channels = int(x.shape[1])
    scale, bias, mean, variance = (
        vector(b, parameter, channels, value) for parameter, value in zip(parameters, (1, 0, 0, 1), strict=True)
    )
    image = b.reshape(x, (*x.shape, 1, 1)[:4], (*b.sizes(x), 1, 1)[:4]) if x.rank < 4 else x
    if image.rank != 4:
        raise ValueError(f"an input of rank {x.rank} is not supported, only 2 to 4")
    y = b.declare(x.dtype, image.shape)
    saved_mean, saved_variance = (b.declare("float32", ()) for _ in range(2))
    b.append(
        "batch_norm",
        {"X": image, "Scale": scale, "Bias": bias, "Mean": mean, "Variance": variance},
        {
            "Y": y,
            "MeanOut": mean,
            "VarianceOut": variance,
            "SavedMean": saved_mean,
            "SavedVariance": saved_variance,
        },
        {
            "epsilon": eps,
            "momentum": 0.9,
            "is_test": True,
            "data_layout": "NCHW",
            "use_global_stats": False,
            "trainable_statistics": False,
            "fuse_with_relu": False,
        },
    )
    return b.reshape(y, x.shape, b.sizes(x))


# aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps)
#     -> (Tensor, Tensor, Tensor)
@lowers("aten.native_layer_norm.default", emits=("layer_norm", "reshape2"))
def native_layer_norm(
    b: Builder, x: Var, normalized_shape: Sequence[int], weight: Var | None, bias: Var | None, eps: float
) -> Results:
    return layer_norm(b, x, normalized_shape, weight, bias, eps), None, None


# aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1e-05,
#                  bool cudnn_enable=True) -> Tensor
@lowers("aten.layer_norm.default", emits=("layer_norm", "reshape2"))
def layer_norm(
    b: Builder,
    x: Var,
    normalized_shape: Sequence[int],
    weight: Var | None = None,
    bias: Var | None = None,
    eps: float = 1e-5,
    *_: Any,
) -> Var:
    size = math.prod(normalized_shape)
    lead = x.rank - len(normalized_shape)
    # ONNX Runtime wants a scale of the normalised shape, Paddle a flat one: the same thing over one axis.
    rows = b.reshape(x, (*x.shape[:lead], size), (*b.sizes(x)[:lead], size)) if x.rank - lead > 1 else x
    if lead == 0:
        # Paddle wants an axis before those that are normalised.
        rows, lead = b.reshape(x, (1, size)), 1
    slots = {"X": rows, "Scale": vector(b, weight, size, 1), "Bias": vector(b, bias, size, 0)}
    attrs = {"epsilon": eps, "begin_norm_axis": lead}
    out = b.emit("layer_norm", slots, attrs, out="Y", side=("Mean", "Variance"))
    return b.reshape(out, x.shape, b.sizes(x))


# aten::native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, SymInt HxW, int group,
#                         float eps) -> (Tensor, Tensor, Tensor)
@lowers("aten.native_group_norm.default", emits=("group_norm", "reshape2"))
def native_group_norm(
    b: Builder, x: Var, weight: Var | None, bias: Var | None, n: Any, c: Any, hxw: Any, group: int, eps: float
) -> Results:
    del n, c, hxw
    return group_norm(b, x, group, weight, bias, eps), None, None


# aten::group_norm(Tensor input, int num_groups, Tensor? weight=None, Tensor? bias=None, float eps=1e-05,
#                  bool cudnn_enabled=True) -> Tensor
@lowers("aten.group_norm.default", emits=("group_norm", "reshape2"))
def group_norm(
    b: Builder,
    x: Var,
    num_groups: int,
    weight: Var | None = None,
    bias: Var | None = None,
    eps: float = 1e-5,
    *_: Any,
) -> Var:
    channels = int(x.shape[1])
    image = b.reshape(x, (*x.shape, 1, 1)[:4], (*b.sizes(x), 1, 1)[:4]) if x.rank < 4 else x
    slots = {"X": image, "Scale": vector(b, weight, channels, 1), "Bias": vector(b, bias, channels, 0)}
    attrs = {"epsilon": eps, "groups": num_groups, "data_layout": "NCHW"}
    return b.reshape(b.emit("group_norm", slots, attrs, out="Y", side=("Mean", "Variance")), x.shape, b.sizes(x))


# aten::instance_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var,
#                     bool use_input_stats, float momentum, float eps, bool cudnn_enabled) -> Tensor
@lowers("aten.instance_norm.default", emits=("batch_norm", "instance_norm", "reshape2"))
def instance_norm(
    b: Builder,
    x: Var,
    weight: Var | None,
    bias: Var | None,
    mean: Var | None,
    variance: Var | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    *_: Any,
) -> Var:
    if not use_input_stats:
        return batch_norm(b, x, weight, bias, mean, variance, False, momentum, eps)
    channels = int(x.shape[1])
    image = b.reshape(x, (*x.shape, 1), (*b.sizes(x), 1)) if x.rank == 3 else x
    slots = {"X": image, "Scale": vector(b, weight, channels, 1), "Bias": vector(b, bias, channels, 0)}
    out = b.emit("instance_norm", slots, {"epsilon": eps}, out="Y", side=("SavedMean", "SavedVariance"))
    return b.reshape(out, x.shape, b.sizes(x))
