from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from edge.manifest import Dimension
from packager.errors import SourceError, UnsupportedModelError
from packager.lower.legalise import legalise
from packager.lower.legalise.lite_guard import lite_guard
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
        ("scale", {"scale": 1.0, "bias": 1e-6}),
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


IMAGE = ("batch", 3, 8, 8)


def single(kind: str, shapes: Sequence[tuple[Dimension, ...]], *, dtype: str = "float32", **attrs: object) -> Program:
    """One operator as a foreign model may hold it: no pass has seen it."""
    maker = ProgramMaker()
    names = ("X", "Y")[: len(shapes)]
    slots = {slot: maker.input(slot.lower(), dtype, shape) for slot, shape in zip(names, shapes, strict=True)}
    return maker.program(z=maker.emit(kind, slots, attrs, dtype="float32"))


REFUSED = [
    (single("reduce_mean", [IMAGE], dim=(-1, -2)), r"the axes \(3, 2\)"),
    (single("reduce_mean", [IMAGE], dim=(1, 3)), r"the axes \(1, 3\)"),
    (single("reduce_mean", [("batch", 8, 8)], dim=(1, 2)), r"the axes \(1, 2\)"),
    (single("reduce_sum", [IMAGE], dim=(0,), reduce_all=True), r"the axes \(0,\)"),
    (single("reduce_max", [IMAGE], dim=(), reduce_all=True), "the axes all"),
    (single("reduce_prod", [("batch", 8)], dim=(1,)), r"the axes \(1,\)"),
    (single("reduce_mean", [(1, 2, 3, 4, 5)], dim=(1,)), "four dimensions"),
    (single("relu6", [IMAGE]), "attribute 'threshold'"),
    (single("hard_swish", [IMAGE], threshold=6.0, scale=6.0), "attribute 'offset'"),
    (single("flatten_contiguous_range", [IMAGE], start_axis=1, stop_axis=3), "XShape"),
    (single("logical_and", [(-1, 1, 8), (-1, 8, 8)], dtype="bool"), "does not broadcast"),
    (single("less_than", [(8,), (-1, 8)]), "left side"),
    (single("less_than", [(-1, 1), (1, 8)]), "left side"),
    (single("pad3d", [(1, 2, 3, 4, 5)], mode="reflect", paddings=(1,) * 6), "mode 'reflect'"),
]
TAKEN = [
    single("reduce_mean", [IMAGE], dim=(-2, -1)),
    single("reduce_mean", [IMAGE], dim=(-1,), keep_dim=True),
    single("reduce_sum", [IMAGE], dim=(), reduce_all=True),
    single("reduce_max", [("batch",)], dim=(0,), reduce_all=True),
    single("logical_and", [(-1, 8), (-1, 8)], dtype="bool"),
    single("less_than", [(-1, 8), (8,)]),
    single("less_than", [(8,), (1,)]),
    single("matmul_v2", [(-1, 3, 8), (2, 8, 3)]),
    single("pad3d", [(1, 2, 3, 4, 5)], mode="constant", paddings=(1,) * 6),
]


@pytest.mark.parametrize(("program", "reason"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_would_only_fail_on_the_device_is_refused(program: Program, reason: str) -> None:
    with pytest.raises(UnsupportedModelError, match=reason) as caught:
        lite_guard(program)
    assert "--engine onnxruntime" in caught.value.remedy


@pytest.mark.parametrize("program", TAKEN, ids=lambda program: program.ops[0].type)
def test_what_the_device_can_do_passes(program: Program) -> None:
    assert lite_guard(program) is program


def test_a_bool_output_is_refused() -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", (2, 3))
    program = maker.program(found=maker.binary("less_than", x, x, dtype="bool"))
    with pytest.raises(UnsupportedModelError, match="the bool output 'found'"):
        lite_guard(program)


@pytest.mark.parametrize("guard", [lite_guard, onnx_guard])
def test_an_operator_with_attributes_of_another_kind_is_damaged(guard: Callable[[Program], Program]) -> None:
    program = single("reduce_mean" if guard is lite_guard else "softplus", [IMAGE], dim=3, beta=())
    with pytest.raises(SourceError, match=r"the operator \w+ is damaged") as caught:
        guard(program)
    assert caught.value.remedy


def test_an_operator_without_its_input_is_damaged() -> None:
    with pytest.raises(SourceError, match="the operator matmul_v2 is damaged"):
        lite_guard(single("matmul_v2", [IMAGE]))
