from __future__ import annotations

import numpy as np

from packager.blame.boundaries import between, boundaries, cut
from packager.lower.program import Program
from tests.support.programs import ProgramMaker


def residual() -> Program:
    """y = relu(x + 2) + tanh(x + 2), beside which nothing depends on an input: v.0, v.1, v.2 (a constant's), v.3."""
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 3))
    maker.input("unread", "float32", ("batch", 3))
    total = maker.affine(x, 1.0, 2.0)
    left = maker.emit("relu", {"X": total})
    low = maker.full((1,), 0.5, "float32")
    right = maker.binary("elementwise_mul", maker.emit("tanh", {"X": total}), low)
    return maker.program(y=maker.binary("elementwise_add", left, right))


def test_a_frontier_is_what_is_still_read() -> None:
    found = {point.variable: point.frontier for point in boundaries(residual(), {"v.0", "v.1", "v.2", "v.3", "y"})}
    assert found == {
        "v.0": ("v.0",),
        "v.1": ("v.0", "v.1"),
        "v.3": ("v.1", "v.3"),  # v.2 is a constant, and v.0 is not read any more
        "y": ("y",),
    }


def test_a_part_ends_at_its_outputs_and_reads_all_of_its_inputs() -> None:
    program = residual()
    part = cut(program, ["v.1", "v.3"])
    assert [op.type for op in part.ops] == ["scale", "relu", "tanh"]
    assert [spec.name for spec in part.inputs] == ["x"]
    assert [(spec.name, spec.shape) for spec in part.outputs] == [("v.1", ("batch", 3)), ("v.3", ("batch", 3))]
    assert part.variables.keys() == {"x", "v.0", "v.1", "v.3"}


def test_an_unknown_size_gets_a_name() -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 3))
    y = maker.emit("reshape2", {"X": x}, {"shape": (-1,)}, shape=(-1,), side=("XShape",))
    program = maker.program(z=maker.emit("relu", {"X": y}))
    assert [spec.shape for spec in cut(program, [y.name]).outputs] == [(f"{y.name}_0",)]


def test_the_operators_between_known_values_and_one() -> None:
    program = residual()
    assert [op.type for op in between(program, "y", {"v.0", "y"})] == [
        "relu",
        "fill_constant",
        "tanh",
        "elementwise_mul",
        "elementwise_add",
    ]
    assert [op.type for op in between(program, "v.1", {"v.0"})] == ["relu"]


def test_constants_are_kept_where_they_are_read() -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 3))
    first = maker.binary("elementwise_add", x, maker.constant(np.ones(3, np.float32)))
    last = maker.binary("elementwise_mul", first, maker.constant(np.full(3, 2, np.float32)))
    program = maker.program(y=last)
    assert len(program.constants) == 2
    assert [array.max() for array in cut(program, [first.name]).constants.values()] == [1]
