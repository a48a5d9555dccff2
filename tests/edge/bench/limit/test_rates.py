from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.limit import measure_rates as measuring
from edge.bench.limit.cache import cached_rates
from edge.bench.limit.limit import Limit
from edge.bench.limit.matmul import INPUTS, OUTPUTS, write_matmul
from edge.bench.limit.rates import Moving, Rates
from edge.engines import open_session
from edge.machine import this_machine


def rates(cpu_share: float = 1.0, flops: float = 1e9) -> Rates:
    moving = (Moving(bytes=100, rate=1000.0), Moving(bytes=1000, rate=500.0))
    return Rates(threads=1, date="2026-11-24", cpu_share=cpu_share, flops_per_second=flops, moving=moving)


@pytest.mark.parametrize(("size", "rate"), [(1, 1000), (100, 1000), (999, 1000), (1000, 500), (10**9, 500)])
def test_bytes_that_fit_a_cache_are_moved_at_its_rate(size: int, rate: float) -> None:
    assert rates().bytes_per_second(size) == rate


@given(flops=st.integers(0, 10**12), size=st.integers(0, 10**10))
def test_the_limit_is_the_longer_of_computing_and_moving(flops: int, size: int) -> None:
    limit = Limit(flops=flops, bytes=size, rates=rates())
    assert limit.seconds == max(limit.computing, limit.moving)
    assert limit.share(2 * limit.seconds + 1e-9) <= 0.5
    assert Limit.from_json(limit.to_json()) == limit


def test_the_product_is_a_file_that_onnx_accepts(tmp_path: Path) -> None:
    write_matmul(tmp_path / "m.onnx")
    onnx.checker.check_model(onnx.load(tmp_path / "m.onnx"), full_check=True)
    random = np.random.default_rng(0)
    feeds = {"a": random.random((3, 5), np.float32), "b": random.random((5, 2), np.float32)}
    session = open_session("onnxruntime", tmp_path / "m.onnx", inputs=INPUTS, outputs=OUTPUTS, threads=1)
    np.testing.assert_allclose(session.run(feeds)["c"], feeds["a"] @ feeds["b"], rtol=1e-5)


def test_this_machine_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 0.01)
    monkeypatch.setattr(measuring, "SIDES", (64, 128))
    found = measuring.measure_rates(2)
    assert found.flops_per_second > 1e8
    assert [one.bytes for one in found.moving] == sorted(measuring.SIZES)
    assert all(one.rate > 1e7 for one in found.moving)
    assert 0 < found.cpu_share <= 1.1


def test_rates_are_measured_once_for_each_number_of_threads(tmp_path: Path) -> None:
    calls: list[int] = []

    def measure() -> Rates:
        calls.append(1)
        return rates(flops=float(len(calls)))

    machine = this_machine()
    for _ in range(2):
        assert cached_rates(machine, "1.0", 1, measure, tmp_path).flops_per_second == 1
    assert cached_rates(machine, "1.0", 2, measure, tmp_path).flops_per_second == 2
    assert cached_rates(machine, "1.1", 1, measure, tmp_path).flops_per_second == 3
    assert len(list(tmp_path.iterdir())) == 3


def test_what_was_disturbed_is_not_kept(tmp_path: Path) -> None:
    assert cached_rates(this_machine(), "1.0", 1, lambda: rates(cpu_share=0.5), tmp_path).cpu_share == 0.5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"threads": "x"}'])
def test_a_damaged_cache_is_measured_anew(tmp_path: Path, content: str) -> None:
    machine = this_machine()
    cached_rates(machine, "1.0", 1, rates, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text(content)
    assert cached_rates(machine, "1.0", 1, rates, tmp_path) == rates()
    assert cached_rates(machine, "1.0", 1, lambda: pytest.fail("kept again"), tmp_path) == rates()


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert cached_rates(this_machine(), "1.0", 1, rates, tmp_path / "file") == rates()
