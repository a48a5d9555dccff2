from __future__ import annotations

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BundleError
from edge.versions import in_range, narrowed, release

numbers = st.lists(st.integers(0, 99), min_size=1, max_size=4)


def text(parts: list[int]) -> str:
    return ".".join(map(str, parts))


@pytest.mark.parametrize(
    ("version", "wanted", "holds"),
    [
        ("1.23.2", ">=1.16,<2", True),
        ("2.0", ">=1.16,<2", False),
        ("1.9", ">=1.16", False),
        ("1.16", "==1.16.0", True),
        ("2.13rc0", ">=2.13,<3", True),
        ("v2.13-rc", ">=2.13", True),
        ("1.32.0+cpu", "!=1.31", True),
        ("1.32", "", True),
        ("1.32", " >= 1.16 , < 2 ", True),
    ],
)
def test_ranges_that_manifests_hold(version: str, wanted: str, holds: bool) -> None:
    assert in_range(version, wanted) is holds


@given(one=numbers, two=numbers)
def test_a_range_orders_versions_as_numbers_do(one: list[int], two: list[int]) -> None:
    padded = [parts + [0] * (4 - len(parts)) for parts in (one, two)]
    for sign, compare in [(">=", operator.ge), ("<", operator.lt), ("==", operator.eq), ("!=", operator.ne)]:
        assert in_range(text(one), sign + text(two)) == compare(*padded)


@given(one=numbers, low=numbers, high=numbers)
def test_every_clause_must_hold(one: list[int], low: list[int], high: list[int]) -> None:
    both = in_range(text(one), f">={text(low)},<{text(high)}")
    assert both == (in_range(text(one), f">={text(low)}") and in_range(text(one), f"<{text(high)}"))


@given(one=numbers, low=numbers, minimum=numbers)
def test_a_narrowed_range_means_both(one: list[int], low: list[int], minimum: list[int]) -> None:
    for wanted in (f">={text(low)}, <9", "!=3", ""):
        found = narrowed(wanted, text(minimum))
        assert found.count(">=") == 1
        assert in_range(text(one), found) == (in_range(text(one), wanted) and in_range(text(one), f">={text(minimum)}"))
        assert narrowed(wanted, "") == wanted.replace(" ", "")


@pytest.mark.parametrize("wanted", ["1.16", ">=", ">=x", ">=1.16,", "~=1.2", ">=1.2.*", ">=1.2;", ">=1 <2"])
def test_a_broken_range_is_the_bundles_fault(wanted: str) -> None:
    with pytest.raises(BundleError, match="range"):
        in_range("1.16", wanted)


@given(st.text(max_size=12))
def test_any_text_is_a_version_or_refused(version: str) -> None:
    try:
        found = release(version)
    except BundleError:
        return
    assert all(number >= 0 for number in found)
