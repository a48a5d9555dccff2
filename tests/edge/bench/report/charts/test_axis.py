from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.report.charts.axis import Axis, label, linear, nice_step

values = st.lists(st.floats(1e-6, 1e7), min_size=1, max_size=20)


@given(values=values, ticks=st.integers(2, 8), zero=st.booleans())
def test_an_axis_holds_all_values_between_ticks_that_are_evenly_apart(
    values: list[float], ticks: int, zero: bool
) -> None:
    axis = linear("x", values, ticks=ticks, zero=zero)
    places = [place for place, _ in axis.ticks]
    assert axis.low <= min(values) * (1 + 1e-9)
    assert axis.high >= max(values) * (1 - 1e-9)
    assert (places[0], places[-1]) == (axis.low, axis.high)
    steps = [after - before for before, after in itertools.pairwise(places)]
    assert steps == pytest.approx([steps[0]] * len(steps))
    assert 1 <= len(steps) <= ticks + 1
    assert len({said for _, said in axis.ticks}) == len(places)
    assert not zero or axis.low <= 0 <= axis.high


@given(rough=st.floats(1e-9, 1e9))
def test_a_step_is_1_2_or_5_times_a_power_of_ten_and_not_below_what_was_asked(rough: float) -> None:
    step = nice_step(rough)
    assert rough * (1 - 1e-6) <= step <= rough * 2.5 * (1 + 1e-6)
    assert step / 10 ** math.floor(math.log10(step) + 1e-9) == pytest.approx(
        min((1, 2, 5), key=lambda nice: abs(nice - step / 10 ** math.floor(math.log10(step) + 1e-9)))
    )


def test_ticks_are_written_with_the_decimals_that_they_need() -> None:
    assert [said for _, said in linear("x", [0.0, 0.2], ticks=5).ticks] == ["0.00", "0.05", "0.10", "0.15", "0.20"]
    assert [said for _, said in linear("x", [0, 3000], ticks=4).ticks] == [
        "0",
        "1\N{THIN SPACE}000",
        "2\N{THIN SPACE}000",
        "3\N{THIN SPACE}000",
    ]
    assert label(-0.5, 0.5) == "\N{MINUS SIGN}0.5"
    assert label(-1e-18, 0.1) == "0.0"


def test_values_outside_are_put_on_the_end() -> None:
    axis = Axis("x", 1.0, 100.0, (), log=True)
    assert [axis.share(value) for value in (0.1, 1.0, 10.0, 100.0, 1e9)] == pytest.approx([0, 0, 0.5, 1, 1])
    assert Axis("x", 0.0, 4.0, ()).share(1.0) == 0.25
