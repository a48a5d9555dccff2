from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from edge.engines import ort
from edge.versions import release
from packager.emit.onnx_limits import IRS, OPSETS, minimum_engine
from tests.support.onnx_models import FLOAT, model, save, value


def test_the_tables_end_where_onnx_ends() -> None:
    assert max(OPSETS) == onnx.defs.onnx_opset_version()
    assert max(IRS) == onnx.IR_VERSION


@pytest.mark.parametrize(
    ("opset", "ir", "first"), [(7, 3, "1.12"), (17, 8, "1.12"), (11, 10, "1.18"), (22, 10, "1.21"), (18, 13, "1.24")]
)
def test_the_later_of_both_counts(opset: int, ir: int, first: str) -> None:
    assert minimum_engine(opset, ir) == first


def test_attention_needs_an_engine_that_computes_it_rightly() -> None:
    assert minimum_engine(17, 8, attention=True) == "1.21"
    assert minimum_engine(24, 8, attention=True) == "1.24"


@pytest.mark.parametrize(("opset", "ir"), [(max(OPSETS), 8), (17, max(IRS))])
def test_the_installed_engine_takes_what_it_is_said_to_take(opset: int, ir: int, tmp_path: Path) -> None:
    from edge.engines import open_session
    from edge.manifest import TensorSpec

    assert release(ort.version()) >= release(minimum_engine(opset, ir))
    x, y = value("x", FLOAT, [1]), value("y", FLOAT, [1])
    made = model([onnx.helper.make_node("Relu", ["x"], ["y"])], [x], [y], {}, opset=opset)
    made.ir_version = ir
    specs = [(TensorSpec(name=name, dtype="float32", shape=(1,)),) for name in ("x", "y")]
    file = save(made, tmp_path / "relu.onnx")
    session = open_session("onnxruntime", file, inputs=specs[0], outputs=specs[1], threads=1)
    assert session.run({"x": np.full(1, -1, np.float32)})["y"] == 0
