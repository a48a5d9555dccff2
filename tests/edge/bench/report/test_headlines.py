from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from edge.bench.limit.limit import Limit
from edge.bench.limit.rates import Moving, Rates
from edge.bench.record import Measurement
from edge.bench.report.figures import figures
from edge.bench.report.headlines import headlines
from edge.bench.report.judged import Judged, judged
from edge.bench.report.sheets import latencies
from edge.bench.report.units import mebibytes, milliseconds, percent, plain
from tests.support.measurements import measurement, readings, steady


def _said(done: Measurement | Judged) -> dict[str, tuple[str, str]]:
    one = done if isinstance(done, Judged) else judged(done)
    return {line.name: (line.value, line.note) for line in headlines(one)}


def _values(done: Measurement) -> dict[str, str]:
    return {name: value for name, (value, _) in _said(done).items()}


def test_the_median_has_its_interval_and_percentiles_their_bounds() -> None:
    said = _said(measurement([0.002] * 700))
    assert said["median latency"] == ("2.000 ms", "95% interval 2.000 to 2.000 ms")
    assert said["p99"] == ("2.000 ms", "at most 2.000 ms, with 99% confidence")
    assert said["throughput"][0] == "500 /s"
    assert said["peak memory"][0] == "150.0 MiB"


def test_what_a_scenario_looks_for_is_among_the_headlines(hot: Judged) -> None:
    said = _said(hot)
    assert said["rate"] == ("200 /s", "99% within 10.00 ms: held")
    assert said["memory growth"] == ("12.5 MiB", "per 100 inputs, over 100 queries")
    value, note = said["top-1"]
    assert value == "97%"
    assert note.startswith("200 inputs of digits; 95% interval 9")


def test_a_limit_is_a_share_of_what_the_machine_can_do() -> None:
    rates = Rates(
        threads=4, date="2026-11-24", cpu_share=1.0, flops_per_second=1e11, moving=(Moving(bytes=1, rate=1e10),)
    )
    done = measurement([0.002] * 700, limit=Limit(flops=int(5e7), bytes=int(1e7), rates=rates))
    assert _said(done)["share of the limit"] == ("50%", "1.000 ms of moving bytes at least")


def test_a_cold_start_is_called_one() -> None:
    samples = steady(30, 0.4)
    done = measurement(samples, scenario="cold-start", stages={"imports": samples, "session": samples})
    assert next(iter(_said(done))) == "median cold start"
    assert [row[0] for row in latencies(judged(done)).rows] == ["cold start", "imports", "session"]
    assert [figure.title for figure in figures(judged(done))][-1] == "Stages of a cold start"


def test_figures_have_the_digits_that_tell_something() -> None:
    assert [milliseconds(value) for value in (0.00227, 1.5, 1e-8, None)] == [
        "2.270 ms",
        "1500 ms",
        "0.00001 ms",
        "n/a",
    ]
    assert [plain(value) for value in (0, 12345.6, 0.5, 3.0)] == ["0", "12346", "0.5", "3"]
    assert [percent(value) for value in (0.5, -0.031, 3.0, None)] == ["50%", "-3.1%", "300%", "n/a"]
    assert mebibytes(3 << 19) == "1.5 MiB"


def test_the_table_of_latencies_keeps_one_number_of_decimals(hot: Judged) -> None:
    sheet = latencies(hot)
    cells = [cell for row in sheet.rows for cell in row[2:-2] if cell != "n/a"]
    assert {len(cell.partition(".")[2]) for cell in cells} == {3}
    assert sheet.head[0] == "ms"


@pytest.fixture
def soaked() -> Measurement:
    """Half as fast from two thirds of its time on."""
    samples = np.array(steady(6000, 0.002, spread=0.01))
    samples[4500:] *= 2
    return measurement(samples.tolist(), scenario="sustained")


def test_a_soak_says_what_is_left_and_since_when(soaked: Measurement) -> None:
    found = _values(soaked)
    assert float(found["speed kept"].rstrip("%")) == pytest.approx(50, abs=2)
    assert float(found["slower after"].removesuffix(" s")) == pytest.approx(9, abs=0.5)
    assert "held back after" not in found


def test_a_soak_says_when_the_sensors_told_of_it(soaked: Measurement) -> None:
    cool, slow = readings(soaked.seconds), readings(soaked.seconds, throttled=0x4)
    half = len(cool) // 2
    told = replace(soaked, conditions=replace(soaked.conditions, readings=(*cool[:half], *slow[half:])))
    assert _values(told)["held back after"].endswith(" s")


def test_a_machine_that_stays_cool_is_never_slower() -> None:
    found = _values(measurement(steady(6000, 0.002, spread=0.01), scenario="sustained"))
    assert found["slower after"] == "never"
    assert float(found["speed kept"].rstrip("%")) > 98


def test_other_scenarios_say_nothing_of_it_and_a_short_one_that_it_cannot() -> None:
    assert "speed kept" not in _values(measurement(steady(6000, 0.002)))
    assert _values(measurement(steady(12, 0.002), scenario="sustained"))["speed kept"] == "n/a"
