from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.bench.measure import measure
from edge.bench.plan import Plan
from edge.bench.record import Measurement
from edge.bench.statistics.summary import summarise
from tests.support.bundles import FIXTURE
from tests.support.format_1 import sample
from tests.support.rates import know_rates

PLAN = Plan(bundle=str(FIXTURE), threads=1, warmup=0, min_seconds=0, min_samples=3, limit=True)


@pytest.fixture(autouse=True)
def known_rates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    know_rates(tmp_path / "cache", monkeypatch)


def measured(plan: Plan) -> Measurement:
    done = measure(plan)
    assert Measurement.from_json(done.to_json()) == done
    return done


@pytest.mark.parametrize("batch", [1, 3])
def test_a_query_of_golden_vectors_has_its_limit(batch: int) -> None:
    done = measured(replace(PLAN, scenario="multi-stream", batch=batch))
    assert done.limit
    assert done.limit.flops == 2 * batch * 4 * 3
    share = summarise(done).limit_share
    assert share == pytest.approx(done.limit.seconds / float(np.median(done.samples)))


def test_through_the_runtime_it_is_the_engines(tmp_path: Path) -> None:
    arrays: dict[str, Any] = dict(sample(3).inputs)
    np.savez(tmp_path / "x.npz", **arrays)
    done = measured(replace(PLAN, input=str(tmp_path / "x.npz")))
    assert done.limit
    assert done.limit.flops == 2 * 3 * 4 * 3
    share = summarise(done).limit_share
    assert share == pytest.approx(done.limit.seconds / float(np.median(done.stages["engine"])))


@pytest.mark.parametrize("changed", [{"limit": False}, {"engine": "paddlelite"}])
def test_where_none_is_known_there_is_none(changed: dict[str, Any]) -> None:
    done = measured(replace(PLAN, **changed))
    assert done.limit is None
    assert summarise(done).limit_share is None
