from __future__ import annotations

import numpy as np

from packager.lower.operators.normalisation import normalised_by_statistics
from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker


def test_two_norms_with_one_bias_do_not_spoil_each_other() -> None:
    random = np.random.default_rng(0)
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 3, 6, 6))
    shared = maker.constant(random.normal(size=4).astype(np.float32))
    branches = []
    for _ in range(2):
        kernel = maker.constant(random.normal(size=(4, 3, 1, 1)).astype(np.float32))
        how = {"strides": (1, 1), "paddings": (0, 0), "dilations": (1, 1), "groups": 1}
        how |= {"padding_algorithm": "EXPLICIT", "data_format": "NCHW"}
        slots = {"Input": x, "Filter": kernel}
        mixed = maker.emit("conv2d", slots, how, out="Output", dtype="float32", shape=("batch", 4, 6, 6))
        scale, mean, variance = (maker.constant(random.uniform(0.5, 1.5, 4).astype(np.float32)) for _ in range(3))
        branches.append(normalised_by_statistics(maker, mixed, (scale, shared, mean, variance), 1e-5))
    program = maker.program(y=maker.binary("elementwise_add", branches[0], branches[1]))
    feeds = {"x": random.normal(size=(2, 3, 6, 6)).astype(np.float32)}
    made = legalised(program, feeds, "paddlelite")
    biases = [op.inputs["Bias"] for op in made.ops if op.type == "batch_norm"]
    assert len(set(biases)) == len(biases)
