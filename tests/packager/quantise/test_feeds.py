"""Feeds: what is written comes back call by call, and an error leaves no file."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from packager.quantise.feeds import Feed, read_feeds, write_feeds


def test_calls_come_back_in_their_order_with_shapes_and_dtypes(tmp_path: Path) -> None:
    calls = [
        {"ids": np.arange(6, dtype=np.int64).reshape(1, 6), "mask": np.ones((1, 6), np.bool_)},
        {"ids": np.empty((0, 3), np.int64), "mask": np.array(True)},
        {"ids": np.arange(12, dtype=np.int64).reshape(2, 6).T, "mask": np.zeros((2, 6), np.bool_)},
    ]
    path = tmp_path / "feeds.safetensors"
    write_feeds(path, iter(calls))
    for expected, got in zip(calls, read_feeds(path), strict=True):
        assert list(got) == ["ids", "mask"]
        for name, array in expected.items():
            assert got[name].dtype == array.dtype
            assert np.array_equal(got[name], array)
    # Any reader of the format takes it.
    assert list(load_file(path)) == [f"{number:05}:{name}" for number in range(3) for name in ("ids", "mask")]
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_an_error_leaves_no_file(tmp_path: Path) -> None:
    calls: list[Feed] = [{"x": np.ones(2, np.float32)}, {"x": np.ones(2, np.complex64)}]
    with pytest.raises(KeyError, match="complex64"):
        write_feeds(tmp_path / "feeds.safetensors", calls)
    assert not list(tmp_path.iterdir())
