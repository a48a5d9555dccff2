from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.statistics.percentiles import PERCENTILES, bounds, percentile, percentiles


@given(samples=st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=50), share=st.floats(0, 1))
def test_they_are_numpys(samples: list[float], share: float) -> None:
    assert percentile(sorted(samples), share) == pytest.approx(float(np.quantile(samples, share)))


@pytest.mark.parametrize(
    ("count", "said"),
    [(10, 0), (11, 1), (63, 1), (64, 2), (129, 2), (130, 3), (661, 3), (662, 4), (6635, 4), (6636, 5)],
)
def test_only_those_are_said_that_there_are_samples_for(count: int, said: int) -> None:
    ordered = [float(one) for one in range(count)]
    for found in (percentiles(ordered), bounds(ordered)):
        assert [name for name, value in found.items() if value is not None] == list(PERCENTILES)[:said]
