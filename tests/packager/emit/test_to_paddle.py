from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from packager.emit.model_reader import read_model
from packager.emit.paddle_run import PaddleRunner
from packager.emit.to_paddle import to_paddle
from packager.errors import ToolError
from packager.lower.program import Program
from tests.support.engines import save
from tests.support.programs import ProgramMaker


def linear(**attrs: bool) -> Program:
    maker = ProgramMaker()
    x = maker.input("pixel values", "float32", ("batch", 3, 4))
    # Named so that the order of use is not the sorted one.
    weight, bias = (
        maker.constant(np.arange(8, dtype=np.float32).reshape(4, 2)),
        maker.constant(np.array([1, 2], np.float32)),
    )
    y = maker.emit("matmul_v2", {"X": x, "Y": weight}, attrs, shape=("batch", 3, 2))
    return maker.program(logits=maker.binary("elementwise_add", y, bias))


def test_paddle_runs_it_under_its_public_names_and_bytes_are_the_same_again(tmp_path: Path) -> None:
    program = linear(trans_x=False, trans_y=False)
    first, second = to_paddle({"one": program, "two": program}, tmp_path).values()
    assert first.model.read_bytes() == second.model.read_bytes()
    assert first.params.read_bytes() == second.params.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "one.pdiparams", "one.pdmodel", "two.pdiparams", "two.pdmodel",
    ]  # fmt: skip

    runner = PaddleRunner(first.model)
    assert (runner.inputs, runner.outputs) == (program.inputs, program.outputs)
    assert runner.operators == {"matmul_v2": 1, "elementwise_add": 1}
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    expected = x @ np.arange(8, dtype=np.float32).reshape(4, 2) + np.array([1, 2], np.float32)
    result: NDArray[Any] = runner.run({"pixel values": x})["logits"]
    np.testing.assert_allclose(result, expected, rtol=1e-6, atol=1e-6)


def test_nothing_of_this_machine_is_written(tmp_path: Path) -> None:
    model, _ = save(linear(trans_x=False, trans_y=False), tmp_path)
    assert str(Path(__file__).parents[3]).encode() not in model.read_bytes()
    assert b"site-packages" not in model.read_bytes()


def test_an_operator_that_paddle_refuses_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"refuses the operator matmul_v2 \(v\.2\)"):
        save(linear(trans_x=False, trans_y=True), tmp_path)


def test_a_slot_that_does_not_exist_is_named(tmp_path: Path) -> None:
    maker = ProgramMaker()
    program = maker.program(y=maker.emit("relu", {"Input": maker.input("x", "float32", (2,))}))
    with pytest.raises(ToolError, match="no slot Input; it has"):
        save(program, tmp_path)


def test_a_wrongly_declared_dtype_is_named(tmp_path: Path) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", (2, 3))
    program = maker.program(y=maker.emit("arg_max", {"X": x}, {"axis": 1, "dtype": 3}, dtype="int32", shape=(2,)))
    with pytest.raises(ToolError, match="declared int32"):
        save(program, tmp_path)


def test_the_reader_finds_what_was_written(tmp_path: Path) -> None:
    program = linear(trans_x=False, trans_y=False)
    found = read_model(save(program, tmp_path)[0])
    assert (found.inputs, found.outputs) == (program.inputs, program.outputs)
    assert [(op.type, op.inputs, op.outputs) for op in found.ops] == [
        (op.type, op.inputs, op.outputs) for op in program.ops
    ]
    assert all(found.ops[0].attrs[name] == value for name, value in program.ops[0].attrs.items())
