from __future__ import annotations

import numpy as np
import pytest

from packager.lower.legalise.own_constants import CONVOLUTIONS
from packager.lower.operators.normalisation import normalised_by_statistics
from packager.lower.program import Program, Var
from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker

HOW = {"strides": (1, 1), "paddings": (0, 0), "dilations": (1, 1), "groups": 1}
RANDOM = np.random.default_rng(0)
FEEDS = {"x": RANDOM.normal(size=(2, 3, 6, 6)).astype(np.float32)}


def uniform(maker: ProgramMaker, *shape: int) -> Var:
    return maker.constant(RANDOM.uniform(0.5, 1.5, shape).astype(np.float32))


def convolved(maker: ProgramMaker, x: Var, kernel: Var) -> Var:
    attrs = HOW | {"padding_algorithm": "EXPLICIT", "data_format": "NCHW"}
    shape = ("batch", kernel.shape[0], 6, 6)
    return maker.emit("conv2d", {"Input": x, "Filter": kernel}, attrs, out="Output", shape=shape)


def biased(maker: ProgramMaker, x: Var, bias: Var) -> Var:
    return maker.emit("elementwise_add", {"X": x, "Y": bias}, {"axis": 1})


def normalised(maker: ProgramMaker, x: Var, bias: Var) -> Var:
    scale, mean, variance = (uniform(maker, 4) for _ in range(3))
    return normalised_by_statistics(maker, x, (scale, bias, mean, variance), 1e-5)


def check(maker: ProgramMaker, *branches: Var) -> Program:
    made = legalised(maker.program(**{f"y{n}": branch for n, branch in enumerate(branches)}), FEEDS, "paddlelite")
    filters = [op.inputs["Filter"] for op in made.ops if op.type in CONVOLUTIONS]
    assert len(set(filters)) == len(filters)
    return made


def test_two_norms_with_one_bias_do_not_spoil_each_other() -> None:
    maker = ProgramMaker()
    x, shared = maker.input("x", "float32", ("batch", 3, 6, 6)), uniform(maker, 4)
    branches = [normalised(maker, convolved(maker, x, uniform(maker, 4, 3, 1, 1)), shared) for _ in range(2)]
    made = check(maker, *branches)
    biases = [op.inputs["Bias"] for op in made.ops if op.type == "batch_norm"]
    assert len(set(biases)) == len(biases)


@pytest.mark.parametrize("fold", ["norm", "scale", "bias", "convolution"])
def test_what_is_folded_into_a_shared_filter_and_bias_stays_with_its_branch(fold: str) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 3, 6, 6))
    kernel, bias, second = uniform(maker, 4, 3, 1, 1), uniform(maker, 4), uniform(maker, 4)
    narrow = uniform(maker, 5, 4, 1, 1)
    branches = []
    for number in range(3):
        y = biased(maker, convolved(maker, x, kernel), bias)
        if fold == "norm":
            y = biased(maker, normalised(maker, y, second), bias)
        elif fold == "scale":
            y = maker.affine(y, number + 2.0, 0.5)
        elif fold == "bias":
            y = biased(maker, y, second)
        else:
            y = biased(maker, convolved(maker, y, narrow), uniform(maker, 5))
        branches.append(y)
    check(maker, *branches)
