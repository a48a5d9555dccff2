from __future__ import annotations

import pytest

from packager.errors import UnsupportedModelError
from packager.lower.legalise import legalise
from packager.lower.legalise.onnx_guard import onnx_guard
from packager.lower.program import Program
from tests.support.programs import ProgramMaker


def one(kind: str, **attrs: object) -> Program:
    maker = ProgramMaker()
    x = maker.input("x", "float32", (2, 3))
    return maker.program(y=maker.emit(kind, {"X": maker.emit(kind, {"X": x}, attrs)}, attrs))


@pytest.mark.parametrize("engine", ["onnxruntime", "paddlelite"])
def test_an_operator_that_the_tool_lacks_is_named_and_counted(engine: str) -> None:
    with pytest.raises(UnsupportedModelError, match=r"celu \(2×\)"):
        legalise(one("celu", alpha=1.0), engine)


@pytest.mark.parametrize(
    ("kind", "attrs"),
    [
        ("gelu", {"approximate": True}),
        ("cumsum", {"axis": 0, "exclusive": True}),
        ("cumsum", {"axis": 0, "reverse": True}),
        ("softplus", {"beta": 2.0}),
        ("softplus", {"threshold": 5.0}),
    ],
)
def test_what_paddle2onnx_would_get_wrong_never_reaches_it(kind: str, attrs: dict[str, object]) -> None:
    with pytest.raises(UnsupportedModelError, match=f"{kind} .* wrongly"):
        onnx_guard(one(kind, **attrs))


def test_a_broadcasting_batch_product_is_refused_for_paddle_lite() -> None:
    maker = ProgramMaker()
    x, y = maker.input("x", "float32", ("batch", 3, 4)), maker.input("y", "float32", (1, 4, 2))
    z = maker.emit("matmul_v2", {"X": x, "Y": y}, {"trans_x": False, "trans_y": False}, shape=("batch", 3, 2))
    with pytest.raises(UnsupportedModelError, match="does not broadcast"):
        legalise(maker.program(z=z), "paddlelite")
