from __future__ import annotations

import numpy as np
import pytest

from packager.errors import UnsupportedModelError
from packager.lower.legalise import legalise
from packager.lower.legalise.reduce_axes import REDUCTIONS
from packager.lower.program import Op, Program
from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker

SIZES = (2, 3, 4, 5)
AXES = ((), (0,), (-1,), (-1, -2), (1, 3), (0, 1), (2, 3), (3, 1, 2))


def reductions(kind: str, rank: int) -> Program:
    """One output for each set of axes that the rank has, kept and dropped."""
    maker = ProgramMaker()
    x = maker.input("x", "float32", SIZES[:rank])
    outputs = {}
    for number, axes in enumerate(axes for axes in AXES if all(-rank <= axis < rank for axis in axes)):
        gone = {axis % rank for axis in axes} or set(range(rank))
        for keep in (True, False):
            shape = [1 if axis in gone else size for axis, size in enumerate(SIZES[:rank]) if keep or axis not in gone]
            attrs = {"dim": axes, "keep_dim": keep, "reduce_all": not axes}
            outputs[f"y{number}{keep}"] = maker.emit(kind, {"X": x}, attrs, shape=shape or (1,))
    return maker.program(**outputs)


@pytest.mark.parametrize("kind", REDUCTIONS)
@pytest.mark.parametrize("rank", [1, 2, 3, 4])
def test_every_set_of_axes(kind: str, rank: int) -> None:
    feeds = {"x": np.random.default_rng(0).uniform(0.7, 1.3, SIZES[:rank]).astype(np.float32)}
    made = legalised(reductions(kind, rank), feeds, "paddlelite")
    assert [op for op in made.ops if op.type == kind and not is_taken_by_arm(made, op)] == []


def is_taken_by_arm(program: Program, op: Op) -> bool:
    """The sets of lite/kernels/arm/reduce_*_compute.cc in 2.13."""
    rank, axes = program.variables[op.inputs["X"][0]].rank, op.attrs["dim"]
    if op.attrs["reduce_all"]:
        return op.type in ("reduce_mean", "reduce_sum") and axes == ()
    if op.type == "reduce_prod" and rank != 4:
        return False
    return len(axes) == 1 or (rank == 4 and axes in ((0, 1), (1, 2), (2, 3)))


def test_five_dimensions_are_refused() -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", (2, 3, 4, 5, 6))
    attrs = {"dim": (4,), "keep_dim": False, "reduce_all": False}
    program = maker.program(y=maker.emit("reduce_mean", {"X": x}, attrs, shape=(2, 3, 4, 5)))
    with pytest.raises(UnsupportedModelError, match="four dimensions"):
        legalise(program, "paddlelite")
