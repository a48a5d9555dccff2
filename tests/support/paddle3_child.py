"""Writes a Paddle 3 inference model; run by tests in a process of its own, because Paddle's modes are global.

Usage: python paddle3_child.py NETWORK PREFIX, which writes PREFIX.json and PREFIX.pdiparams.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import paddle
from paddle.nn import functional
from paddle.static import InputSpec


class Detector(paddle.nn.Layer):  # type: ignore[misc]
    """Convolution, batch norm, LayerNorm and linear layers, with parameters that all show."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = paddle.nn.Conv2D(3, 8, 3, padding=1)
        self.norm = paddle.nn.BatchNorm2D(8)
        self.pool = paddle.nn.AvgPool2D(16)
        self.layer_norm = paddle.nn.LayerNorm(8)
        self.linear = paddle.nn.Linear(8, 5)

    def forward(self, image: Any) -> Any:
        """[batch, 3, height, width] to [batch, places, 5]."""
        pooled = self.pool(functional.gelu(self.norm(self.conv(image))))
        return self.linear(self.layer_norm(pooled.flatten(2).transpose([0, 2, 1])))


class TanhGelu(paddle.nn.Layer):  # type: ignore[misc]
    """A linear layer and the gelu that paddle2onnx takes for the other one."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = paddle.nn.Linear(16, 16)

    def forward(self, x: Any) -> Any:
        """[batch, 16] to [batch, 16]."""
        return functional.gelu(self.linear(x), approximate=True)


class Everything(paddle.nn.Layer):  # type: ignore[misc]
    """Inputs of every dtype, each as an output."""

    def forward(self, f64: Any, f32: Any, f16: Any, i64: Any, i32: Any, i8: Any, u8: Any, b: Any) -> Any:
        """Each [batch, 2, length] as [batch, 2 * length, 1]."""
        return [paddle.reshape(one, [0, -1, 1]) for one in [f64, f32, f16, i64, i32, i8, u8, b]]


DTYPES = ("float64", "float32", "float16", "int64", "int32", "int8", "uint8", "bool")
NETWORKS: dict[str, tuple[Any, list[InputSpec]]] = {
    "detector": (Detector, [InputSpec([-1, 3, -1, -1], "float32", "image")]),
    "tanh-gelu": (TanhGelu, [InputSpec([-1, 16], "float32", "x")]),
    "everything": (Everything, [InputSpec([-1, 2, -1], dtype, f"of_{dtype}") for dtype in DTYPES]),
}


def main(name: str, prefix: str) -> None:
    kind, specs = NETWORKS[name]
    paddle.seed(0)
    random = np.random.default_rng(0)
    network = kind()
    for parameter in network.parameters():
        moved = parameter.numpy() + 0.2 * random.normal(size=parameter.shape)
        parameter.set_value(moved.astype(np.float32))
    network.eval()
    paddle.jit.save(network, prefix, input_spec=specs)


if __name__ == "__main__":
    main(*sys.argv[1:])
