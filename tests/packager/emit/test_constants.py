from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from packager.emit.constants import DTYPES, MappedConstants, write_safetensors
from packager.errors import SourceError


def write(path: Path, header: object, data: bytes = b"") -> Path:
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


def test_reads_what_safetensors_writes_and_the_reverse(tmp_path: Path) -> None:
    arrays = {dtype: np.arange(6).reshape(2, 3).astype(dtype) for dtype in DTYPES.values()}
    arrays |= {"scalar": np.array(3.0, np.float32), "empty": np.zeros((0, 3), np.float32)}
    save_file(arrays, tmp_path / "theirs")
    write_safetensors(tmp_path / "ours", arrays)
    for found in (MappedConstants(tmp_path / "theirs"), load_file(tmp_path / "ours")):
        assert set(found) == set(arrays)
        for name, array in arrays.items():
            np.testing.assert_array_equal(found[name], array, strict=True)


def test_arrays_are_views_that_cannot_be_written(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "file", {"a": np.ones(4, np.float32)})
    array = MappedConstants(tmp_path / "file")["a"]
    assert not array.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 2


def test_a_file_without_arrays(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "file", {})
    assert dict(MappedConstants(tmp_path / "file")) == {}


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F32", "shape": [4], "data_offsets": [0, 17]},
        {"dtype": "F32", "shape": [4], "data_offsets": [0, 20]},
        {"dtype": "F32", "shape": [5], "data_offsets": [0, 16]},
        {"dtype": "F32", "shape": [4], "data_offsets": [-4, 12]},
        {"dtype": "F32", "shape": [-2, -2], "data_offsets": [0, 16]},
        {"dtype": "F8", "shape": [4], "data_offsets": [0, 16]},
        {"dtype": "F32", "shape": "4", "data_offsets": [0, 16]},
        {"dtype": "F32"},
        [],
    ],
)
def test_a_lying_header_is_refused(tmp_path: Path, entry: object) -> None:
    with pytest.raises(SourceError, match="'a'"):
        MappedConstants(write(tmp_path / "file", {"a": entry}, bytes(16)))


@given(st.binary(max_size=64))
def test_random_bytes_are_refused_or_read(data: bytes) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            MappedConstants(Path(file.name))
        except SourceError as error:
            assert error.message  # noqa: PT017 (any other exception would fail the test)
