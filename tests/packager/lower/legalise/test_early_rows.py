from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from packager.lower.program import Program, Var
from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(3, 5, 4)).astype(np.float32)


def cut(maker: ProgramMaker, x: Var, at: int = 0) -> Var:
    attrs: dict[str, Any] = {"axes": (1,), "starts": (at,), "ends": (at + 1,), "decrease_axis": (), "infer_flags": (1,)}
    return maker.emit("slice", {"Input": x}, attrs, shape=(x.shape[0], 1, x.shape[2]))


def block(maker: ProgramMaker, x: Var) -> Var:
    """A product, a bias, an activation, a residual and a norm, as the end of a transformer's block."""
    weight, bias, ones = (maker.constant(RANDOM.normal(size=size).astype(np.float32)) for size in ((4, 4), (4,), (4,)))
    made = maker.emit("matmul_v2", {"X": x, "Y": weight}, {"trans_x": False, "trans_y": False}, shape=x.shape)
    made = maker.binary("elementwise_add", made, bias)
    made = maker.emit("gelu", {"X": made}, {"approximate": False}, like=made)
    made = maker.binary("elementwise_add", made, x)
    attrs = {"epsilon": 1e-5, "begin_norm_axis": 2}
    slots = {"X": made, "Scale": ones, "Bias": bias}
    return maker.emit("layer_norm", slots, attrs, out="Y", side=("Mean", "Variance"))


@pytest.mark.parametrize("at", [0, 2])
def test_the_row_is_taken_first(at: int) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 5, 4))
    made = legalised(maker.program(y=cut(maker, block(maker, x), at)), {"x": X}, "onnxruntime")
    assert types(made)[0] == "slice"
    assert types(made).count("slice") == 1
    assert all(
        made.variables[op.outputs[slot][0]].shape[1] == 1 for op in made.ops for slot in op.outputs if slot == "Y"
    )


def test_no_name_means_another_value_than_before() -> None:
    maker = ProgramMaker()
    program = maker.program(y=cut(maker, block(maker, maker.input("x", "float32", ("batch", 5, 4)))))
    made = legalised(program, {"x": X}, "onnxruntime")
    assert {name: made.variables[name].shape for name in made.variables if name in program.variables} == {
        name: program.variables[name].shape for name in made.variables if name in program.variables
    }


def test_mixed_rows_are_all_computed() -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 5, 4))
    mixed = maker.emit("softmax", {"X": x}, {"axis": 1}, like=x)
    made = legalised(maker.program(y=cut(maker, block(maker, mixed))), {"x": X}, "onnxruntime")
    assert types(made)[:2] == ["softmax", "slice"]


def unmoved() -> list[Program]:
    both = ProgramMaker()
    rows = block(both, both.input("x", "float32", ("batch", 5, 4)))
    several = ProgramMaker()
    others = block(several, several.input("x", "float32", ("batch", 5, 4)))
    tables = ProgramMaker()
    x = tables.input("x", "float32", ("batch", 5, 4))
    placed = tables.binary("elementwise_add", x, tables.constant(RANDOM.normal(size=(1, 5, 4)).astype(np.float32)))
    return [
        both.program(y=cut(both, rows), all=both.emit("relu", {"X": rows}, {}, like=rows)),
        several.program(y=cut(several, others, 0), z=cut(several, others, 1)),
        tables.program(y=cut(tables, placed)),
    ]


@pytest.mark.parametrize("program", unmoved(), ids=["read whole", "two rows", "positions"])
def test_rows_that_differ_or_are_read_stay(program: Program) -> None:
    made = legalised(program, {"x": X}, "onnxruntime")
    assert types(made) == types(program)
