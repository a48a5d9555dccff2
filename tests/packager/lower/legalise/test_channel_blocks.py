from __future__ import annotations

import numpy as np
import pytest

from packager.errors import UnsupportedModelError
from packager.lower.legalise import legalise
from packager.lower.program import Program
from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker

RANDOM = np.random.default_rng(0)


def transposed(channels: int, stride: int, padding: int = 1) -> Program:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", channels, 5, 6))
    kernels = maker.constant(RANDOM.normal(size=(channels, 1, 3, 3)).astype(np.float32))
    attrs = {
        "strides": (stride, stride),
        "paddings": (padding, padding),
        "dilations": (1, 1),
        "groups": channels,
        "padding_algorithm": "EXPLICIT",
        "data_format": "NCHW",
        "output_padding": (),
        "output_size": (),
    }
    height, width = ((size - 1) * stride - 2 * padding + 3 for size in (5, 6))
    shape = ("batch", channels, height, width)
    return maker.program(
        y=maker.emit("conv2d_transpose", {"Input": x, "Filter": kernels}, attrs, out="Output", shape=shape)
    )


def groups(program: Program) -> list[object]:
    return [op.attrs["groups"] for op in program.ops]


@pytest.mark.parametrize(("channels", "stride", "left"), [(4, 2, 2), (9, 1, 3), (5, 2, 1)])
def test_channels_share_a_group_and_nothing_else(channels: int, stride: int, left: int) -> None:
    feeds = {"x": RANDOM.normal(size=(2, channels, 5, 6)).astype(np.float32)}
    assert groups(legalised(transposed(channels, stride), feeds, "paddlelite")) == [left]


def test_other_strides_are_left_alone() -> None:
    assert groups(legalise(transposed(4, 3), "paddlelite")) == [4]


def test_a_single_channel_is_refused() -> None:
    with pytest.raises(UnsupportedModelError, match="outside of its memory"):
        legalise(transposed(1, 2), "paddlelite")


def test_onnx_runtime_keeps_one_kernel_for_each_channel() -> None:
    feeds = {"x": RANDOM.normal(size=(2, 4, 5, 6)).astype(np.float32)}
    assert groups(legalised(transposed(4, 2), feeds, "onnxruntime")) == [4]
