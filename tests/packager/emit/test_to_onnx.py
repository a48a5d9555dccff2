from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from edge.engines import open_session
from packager.emit.to_onnx import to_onnx
from packager.emit.to_paddle import PaddleModel
from packager.errors import UnsupportedModelError
from packager.lower.program import Program
from tests.support.engines import save
from tests.support.programs import ProgramMaker

WEIGHT = np.random.default_rng(0).normal(size=(4, 4)).astype(np.float32)


def shared_layers() -> Program:
    """Two layers with one weight, stored under two names."""
    maker = ProgramMaker()
    x = maker.input("input_ids", "float32", ("batch", "sequence", 4))
    for _ in range(2):
        weight = maker.constant(WEIGHT)
        x = maker.emit("matmul_v2", {"X": x, "Y": weight}, {"trans_x": False, "trans_y": True}, shape=x.shape)
    return maker.program(last_hidden_state=x)


def test_the_model_is_clean_right_and_the_same_again(tmp_path: Path) -> None:
    program = shared_layers()
    model = PaddleModel(*save(program, tmp_path))
    first, second = (
        to_onnx(model, tmp_path, name=name, inputs=program.inputs, outputs=program.outputs) for name in ("one", "two")
    )
    assert (first.opset, first.ir, first.data) == (17, 8, None)
    assert first.file.read_bytes() == second.file.read_bytes()

    graph = onnx.load(first.file).graph
    assert [node.name for node in graph.node] == ["MatMul_0", "MatMul_1"]
    assert len(graph.initializer) == 1
    assert [
        [d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim] for v in (*graph.input, *graph.output)
    ] == [["batch", "sequence", 4]] * 2

    session = open_session("onnxruntime", first.file, inputs=program.inputs, outputs=program.outputs, threads=1)
    x = np.random.default_rng(1).normal(size=(2, 5, 4)).astype(np.float32)
    result = session.run({"input_ids": x})["last_hidden_state"]
    np.testing.assert_allclose(result, x @ WEIGHT.T @ WEIGHT.T, rtol=1e-5, atol=1e-5)


def test_a_model_that_paddle2onnx_would_get_wrong_is_refused(tmp_path: Path) -> None:
    maker = ProgramMaker()
    program = maker.program(y=maker.emit("gelu", {"X": maker.input("x", "float32", (2, 3))}, {"approximate": True}))
    model = PaddleModel(*save(program, tmp_path))
    with pytest.raises(UnsupportedModelError, match="gelu"):
        to_onnx(model, tmp_path, name="model", inputs=program.inputs, outputs=program.outputs)
    assert not (tmp_path / "model.onnx").exists()


def test_weights_of_a_large_model_lie_beside_it(tmp_path: Path) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 32))
    weight = np.random.default_rng(0).normal(size=(32, 32)).astype(np.float32)
    attrs = {"trans_x": False, "trans_y": False}
    program = maker.program(y=maker.emit("matmul_v2", {"X": x, "Y": maker.constant(weight)}, attrs))
    model = PaddleModel(*save(program, tmp_path))
    made = to_onnx(model, tmp_path, name="model", inputs=program.inputs, outputs=program.outputs, largest=1000)
    assert made.file.stat().st_size < 1000
    assert made.files == (tmp_path / "model.onnx", tmp_path / "model.onnx.data")
    assert made.files[1].stat().st_size >= weight.nbytes
    session = open_session("onnxruntime", made.file, inputs=program.inputs, outputs=program.outputs, threads=1)
    np.testing.assert_allclose(session.run({"x": np.eye(32, dtype=np.float32)})["y"], weight, rtol=1e-6)
