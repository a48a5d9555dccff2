from __future__ import annotations

import numpy as np
import pytest

from edge.manifest import Dimension, TensorSpec
from packager.errors import UnsupportedModelError
from packager.networks.samples import numbered, seeded


def spec(name: str, dtype: str, *shape: Dimension) -> TensorSpec:
    return TensorSpec(name=name, dtype=dtype, shape=shape)


def test_open_sizes_are_drawn_and_fixed_ones_kept() -> None:
    calls = seeded([spec("x", "float32", "N", 3, "H", "W"), spec("s", "float32", "N", 2)], 0)
    assert [[array.shape for array in call.values()] for call in calls] == [
        [(batch, 3, size, size), (batch, 2)] for batch in (1, 3) for size in (64, 96)
    ]
    assert [call["x"].shape for call in seeded([spec("x", "float32", 2, 5)], 0)] == [(2, 5)] * 2


def test_the_seed_decides() -> None:
    first, second, other = (numbered(seeded([spec("x", "float64", "N", 4)], seed)) for seed in (1, 1, 2))
    assert all((first[key] == second[key]).all() and (first[key] != other[key]).any() for key in first)
    assert list(first) == [f"00{at}/in:x" for at in range(4)]


def test_pictures_have_strokes_wherever_their_channels_are() -> None:
    for one in (spec("x", "float32", "N", 3, 64, 64), spec("x", "float32", "N", 64, 64, 3)):
        assert {round(float(pixel), 2) for pixel in np.unique(seeded([one], 0)[0]["x"])} == {-1.5, 1.5}
    (picture, *_) = seeded([spec("x", "uint8", 1, 64, 64, 3)], 0)
    assert picture["x"].dtype.name == "uint8"
    assert (picture["x"].min(), picture["x"].max()) == (53, 203)


def test_whole_numbers_are_tokens_masks_or_bits() -> None:
    ends = [
        spec("input_ids", "int64", "N", "S"),
        spec("attention_mask", "int32", "N", "S"),
        spec("b", "bool", "N", "S"),
    ]
    call = seeded([*ends, spec("kind", "int64", "N", "S")], 0, {"input_ids": 1000})[-1]
    assert 0 <= call["input_ids"].min() < 100
    assert 900 < call["input_ids"].max() < 1000
    assert call["attention_mask"].sum(axis=1).tolist() == call["b"].sum(axis=1).tolist() == [33, 22, 11]
    assert set(np.unique(call["kind"])) == {0, 1}
    assert {name: array.dtype.name for name, array in call.items()} == {one.name: one.dtype for one in ends} | {
        "kind": "int64"
    }


def test_an_input_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(UnsupportedModelError, match="too large to be made up"):
        seeded([spec("x", "float32", 1, 1 << 40)], 0)
