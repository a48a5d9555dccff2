from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.growth import FEWEST, Growth, growth_per_hundred

PAGE = 4096


def grown(resident: list[float], batch: int = 1) -> float:
    found = growth_per_hundred(Growth(seed=0, varied=9, resident=tuple(map(int, resident))), batch)
    assert found is not None
    return found


@given(leak=st.integers(0, 50), queries=st.integers(2 * FEWEST, 3000), batch=st.integers(1, 8))
def test_a_steady_leak_is_found(leak: int, queries: int, batch: int) -> None:
    resident = [1e8 + at * leak * PAGE for at in range(queries)]
    assert grown(resident, batch) == pytest.approx(leak * PAGE * 100 / batch, rel=1e-6)


def test_a_leak_is_found_though_memory_comes_in_blocks_and_is_noisy() -> None:
    chance = np.random.default_rng(0)
    resident = [1e8 + at // 30 * (1 << 20) + chance.normal(0, 10 * PAGE) for at in range(600)]
    assert grown(resident) == pytest.approx(100 / 30 * (1 << 20), rel=0.1)


def test_caches_that_fill_up_are_no_growth() -> None:
    resident = [1e8 * (1 - np.exp(-at / 20)) for at in range(400)]
    assert grown(resident) < 100 * PAGE


@pytest.mark.parametrize("jump", [5e7, -5e7])
def test_one_jump_is_no_slope(jump: float) -> None:
    assert grown([1e8 + (jump if at > 350 else 0) for at in range(400)]) == 0


@pytest.mark.parametrize("queries", [1, 2 * FEWEST - 1])
def test_of_a_few_queries_nothing_is_said(queries: int) -> None:
    assert growth_per_hundred(Growth(seed=0, varied=1, resident=(1,) * (queries - 1)), 1) is None
