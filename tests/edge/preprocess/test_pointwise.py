from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BundleError
from edge.preprocess.pointwise import FlipChannels, Normalise, Rescale, Table

NUMBERS = st.floats(-4, 4)
STDS = st.floats(0.01, 4)


@given(factor=NUMBERS, mean=st.tuples(NUMBERS, NUMBERS, NUMBERS), std=st.tuples(STDS, STDS, STDS))
def test_the_table_equals_transformers(
    factor: float, mean: tuple[float, float, float], std: tuple[float, float, float]
) -> None:
    from transformers.image_transforms import normalize, rescale

    levels = np.tile(np.arange(256, dtype=np.uint8)[None, None], (3, 1, 1))
    table = Normalise(mean=mean, std=std)(Rescale(factor=factor)(Table.identity(3)))
    theirs = normalize(
        rescale(levels, factor, input_data_format="channels_first"), mean, std, input_data_format="channels_first"
    )
    np.testing.assert_array_equal(table.values, theirs[:, 0])


def test_offset_comes_after_the_factor() -> None:
    table = Rescale(factor=1 / 127.5, offset=-1.0)(Table.identity(1))
    assert table.values[0, [0, 255]].tolist() == [-1.0, 1.0]


def test_flipping_takes_the_values_along() -> None:
    table = FlipChannels()(Normalise(mean=(1, 2, 3), std=(1,))(Table.identity(3)))
    assert table.source == (2, 1, 0)
    assert table.values[:, 0].tolist() == [-3, -2, -1]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Rescale(factor=math.inf),
        lambda: Rescale(factor=1, offset=math.nan),
        lambda: Normalise(mean=(), std=(1,)),
        lambda: Normalise(mean=(0,), std=(1, 0, 1)),
        lambda: Normalise(mean=(math.nan,), std=(1,)),
        lambda: Normalise(mean=(1, 2), std=(1,))(Table.identity(3)),
    ],
)
def test_numbers_that_cannot_be_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(BundleError):
        make()
