from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.engines.feeds import FeedCheck, check_feeds
from edge.errors import InputError
from edge.manifest import TensorSpec

SPECS = (
    TensorSpec(name="ids", dtype="int64", shape=("batch", "length")),
    TensorSpec(name="pixels", dtype="float32", shape=("batch", 3)),
)


def feeds(**changed: Any) -> dict[str, Any]:
    return {"ids": np.ones((2, 5), np.int64), "pixels": np.ones((2, 3), np.float32)} | changed


def test_fitting_feeds_come_in_the_specs_order_and_uncopied() -> None:
    given_feeds = dict(reversed(feeds().items()))
    checked = check_feeds(SPECS, given_feeds)
    assert list(checked) == ["ids", "pixels"]
    assert checked["ids"] is given_feeds["ids"]


def test_a_strided_array_becomes_contiguous() -> None:
    strided = np.arange(20, dtype=np.int64).reshape(5, 4).T[::2]
    checked = check_feeds(SPECS, feeds(ids=strided))["ids"]
    assert checked.flags.c_contiguous
    np.testing.assert_array_equal(checked, strided)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"ids": np.ones((2, 5), np.int32)}, "'ids' must be int64[batch, length], not int32"),
        ({"ids": np.ones(5, np.int64)}, "'ids' must be int64[batch, length], not of shape (5,)"),
        ({"ids": np.ones((2, 0), np.int64)}, "'ids' is empty"),
        ({"pixels": np.ones((2, 4), np.float32)}, "axis 1 is 4, not 3"),
        ({"pixels": np.ones((3, 3), np.float32)}, "axis 0 is 3, not 2"),
        ({"pixels": [[1.0, 2.0, 3.0]]}, "not float64"),
        ({"pixels": np.array([[None]])}, "not object"),
        ({"extra": np.ones(1)}, "unknown input 'extra'"),
    ],
)
def test_what_does_not_fit_is_named(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError) as caught:
        check_feeds(SPECS, feeds(**changed))
    assert named in caught.value.message
    assert caught.value.remedy


def test_a_missing_input_is_named_with_all_there_are() -> None:
    with pytest.raises(InputError, match="'pixels' is missing") as caught:
        check_feeds(SPECS, {"ids": feeds()["ids"]})
    assert "ids, pixels" in caught.value.remedy


@given(batch=st.integers(1, 4), other=st.integers(1, 4), length=st.integers(1, 9))
def test_a_symbol_has_one_size_in_all_inputs(batch: int, other: int, length: int) -> None:
    changed = feeds(ids=np.ones((batch, length), np.int64), pixels=np.ones((other, 3), np.float32))
    if batch == other:
        assert check_feeds(SPECS, changed)["ids"].shape == (batch, length)
    else:
        with pytest.raises(InputError, match="axis 0"):
            check_feeds(SPECS, changed)


def test_a_scalar_stays_a_scalar() -> None:
    spec = (TensorSpec(name="scale", dtype="float32", shape=()),)
    assert check_feeds(spec, {"scale": np.array(2, np.float32)})["scale"].shape == ()


def test_a_number_is_no_array_though_it_has_a_shape() -> None:
    check = FeedCheck((TensorSpec(name="scale", dtype="float32", shape=()),))
    for scale in (np.array(2, np.float32), np.float32(2)):
        assert type(check({"scale": scale})["scale"]) is np.ndarray


odd_feeds = st.fixed_dictionaries(
    {
        "ids": st.sampled_from([(2, 5), (2, 4), (3, 5), (2, 0), (5,)]).map(lambda shape: np.ones(shape, np.int64)),
        "pixels": st.sampled_from(
            [
                np.ones((2, 3), np.float32),
                np.ones((3, 2), np.float32).T,
                np.ones((2, 3), np.float64),
                np.ones((3, 3), np.float32),
                [[1.0, 2.0, 3.0]] * 2,
            ]
        ),
    },
    optional={"more": st.just(np.ones(1))},
)


@given(series=st.lists(odd_feeds, max_size=8))
def test_a_check_that_remembers_says_what_one_says_that_does_not(series: list[dict[str, Any]]) -> None:
    check = FeedCheck(SPECS)
    for given_feeds in series:
        assert _said(check, given_feeds) == _said(partial(check_feeds, SPECS), given_feeds)


def _said(check: Callable[[dict[str, Any]], dict[str, Any]], given_feeds: dict[str, Any]) -> object:
    try:
        found = check(given_feeds)
    except InputError as error:
        return error.message
    return {name: (one.dtype, one.shape, one.flags.c_contiguous) for name, one in found.items()}
