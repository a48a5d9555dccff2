from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.errors import InputError
from edge.manifest import TensorSpec
from edge.preprocess.arrays import ArraySource, read_arrays

INPUTS = (
    TensorSpec(name="x", dtype="float32", shape=("batch", 3)),
    TensorSpec(name="ids", dtype="int64", shape=("batch",)),
)
SOUND: dict[str, NDArray[Any]] = {"x": np.ones((2, 3), np.float32), "ids": np.arange(2)}


def test_a_file_and_a_mapping_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "in.npz"
    np.savez(path, x=np.asfortranarray(SOUND["x"]), ids=SOUND["ids"])
    sources: list[ArraySource] = [path, str(path), SOUND]
    for source in sources:
        read = read_arrays(source, INPUTS)
        assert list(read) == ["x", "ids"]
        for name, array in read.items():
            np.testing.assert_array_equal(array, SOUND[name])
            assert array.flags.c_contiguous


@pytest.mark.parametrize(
    "changes",
    [
        {"x": np.ones((2, 3))},
        {"x": np.ones((2, 4), np.float32)},
        {"x": np.ones((3, 3), np.float32)},
        {"x": np.ones((6,), np.float32)},
        {"x": np.ones((0, 3), np.float32), "ids": np.arange(0)},
        {"y": np.ones(1)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        read_arrays({**SOUND, **changes}, INPUTS)
    assert caught.value.remedy


def test_a_missing_input_is_named() -> None:
    with pytest.raises(InputError, match="'ids' is missing"):
        read_arrays({"x": SOUND["x"]}, INPUTS)


def test_objects_are_not_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "in.npz"
    np.savez(path, x=np.array([{"a": 1}], dtype=object), ids=SOUND["ids"])
    with pytest.raises(InputError, match="not a sound"):
        read_arrays(path, INPUTS)


@pytest.mark.parametrize("source", [3, b"bytes", None])
def test_what_is_no_source_is_refused(source: Any) -> None:
    with pytest.raises(InputError, match="tensors were expected"):
        read_arrays(source, INPUTS)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"nonsense"])
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "in.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a sound"):
        read_arrays(path, INPUTS)
