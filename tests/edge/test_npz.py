from __future__ import annotations

import contextlib
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from edge.errors import InputError
from edge.npz import read_npz

arrays = hnp.arrays(
    st.sampled_from([np.float32, np.float64, np.int64, np.int32, np.uint8, np.bool_]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


def archive(folder: Path, content: bytes, name: str = "x.npy") -> Path:
    path = folder / "a.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return path


@given(one=arrays, two=arrays, compressed=st.booleans(), fortran=st.booleans())
def test_what_numpy_writes_is_read(one: np.ndarray, two: np.ndarray, compressed: bool, fortran: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.npz"
        given_arrays = {"in:one": np.asfortranarray(one) if fortran else one, "two": two}
        save: Any = np.savez_compressed if compressed else np.savez
        save(path, **given_arrays)
        found = read_npz(path)
    assert list(found) == list(given_arrays)
    for name, array in given_arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


@given(cut=st.floats(0, 1), flip=st.integers(0, 255))
def test_a_cut_or_changed_archive_is_refused_or_read(cut: float, flip: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.npz"
        np.savez_compressed(path, x=np.arange(50))
        data = bytearray(path.read_bytes())
        place = int(cut * (len(data) - 1))
        data[place] ^= flip
        path.write_bytes(data)
        with contextlib.suppress(InputError):
            read_npz(path)
        path.write_bytes(data[:place])
        with pytest.raises(InputError):
            read_npz(path)


def test_pickles_are_not_opened(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.array([{}], dtype=object))
    with pytest.raises(InputError, match="object"):
        read_npz(tmp_path / "a.npz")


def test_a_header_that_claims_terabytes_takes_no_memory(tmp_path: Path) -> None:
    content = io.BytesIO()
    np.lib.format.write_array_header_1_0(content, {"descr": "<f8", "fortran_order": False, "shape": (1 << 40,)})
    with pytest.raises(InputError, match="claims"):
        read_npz(archive(tmp_path, content.getvalue() + b"\0" * 16))


def test_an_archive_that_unpacks_to_too_much_is_refused_from_its_directory(tmp_path: Path) -> None:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.zeros(1 << 20, np.uint8))
    path = archive(tmp_path, content.getvalue())
    with pytest.raises(InputError, match="over 0 MiB"):
        read_npz(path, limit=1 << 19)


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00\x10\x00{'shape': (-1,)}"])
def test_what_is_no_array_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError):
        read_npz(archive(tmp_path, content))


HEADERS = [
    "{'descr': (",
    "((((((",
    "-" * 9000 + "1",
    "{1: 2, 'a': 3}",
    "{[]: 1}",
    "{'descr': ('<f4',), 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (True,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 2)}",
]


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("header", HEADERS)
def test_a_header_that_numpys_parser_stumbles_over_is_refused(tmp_path: Path, version: int, header: str) -> None:
    length = len(header).to_bytes(2 if version == 1 else 4, "little")
    content = b"\x93NUMPY" + bytes([version, 0]) + length + header.encode()
    with pytest.raises(InputError, match="not a sound"):
        read_npz(archive(tmp_path, content))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_is_refused_however_it_was_packed(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("x.npy", bytes(1000))
    data = bytearray(path.read_bytes())
    data[40:48] = b"\xff" * 8
    path.write_bytes(data)
    with pytest.raises(InputError, match="not a sound"):
        read_npz(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.npz"):
        read_npz(tmp_path / "none.npz")
