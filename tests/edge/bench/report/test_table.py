from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.report.table import percentile, summarise

series = st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=50)


@given(samples=series, share=st.floats(0, 1))
def test_percentiles_are_numpys(samples: list[float], share: float) -> None:
    assert percentile(sorted(samples), share) == pytest.approx(float(np.quantile(samples, share)))


@given(samples=series)
def test_a_summary_does_not_depend_on_the_order(samples: list[float]) -> None:
    summary = summarise(samples)
    assert summary == summarise(samples[::-1])
    assert summary.minimum <= summary.p50 <= summary.p90 <= summary.maximum
    assert (summary.runs, summary.minimum, summary.maximum) == (len(samples), min(samples), max(samples))
