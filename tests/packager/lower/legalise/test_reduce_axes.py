from __future__ import annotations

import numpy as np
import pytest

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


WIDE: tuple[int | str, ...] = ("batch", 2, "sequence", 3, 4)


@pytest.mark.parametrize("kind", ["reduce_mean", "reduce_max", "reduce_prod"])
@pytest.mark.parametrize("axes", [(2,), (1, 2), (0, 2, 4), (0, 1, 2, 3, 4)])
@pytest.mark.parametrize("keep", [True, False])
def test_more_than_four_dimensions(kind: str, axes: tuple[int, ...], keep: bool) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", WIDE)
    shape = [1 if axis in axes else size for axis, size in enumerate(WIDE) if keep or axis not in axes]
    attrs = {"dim": axes, "keep_dim": keep, "reduce_all": len(axes) == 5}
    program = maker.program(y=maker.emit(kind, {"X": x}, attrs, shape=shape or (1,)))
    random = np.random.default_rng(0)
    feeds = [{"x": random.uniform(0.7, 1.3, (b, 2, s, 3, 4)).astype(np.float32)} for b, s in ((1, 5), (2, 3))]
    made = legalised(program, feeds, "paddlelite")
    assert [op for op in made.ops if op.type == kind and not is_taken_by_arm(made, op)] == []
