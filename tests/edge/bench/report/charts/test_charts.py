"""Each kind of chart: what it draws is what the numbers say, and stays inside of it at both widths."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bench.report.charts.axis import linear
from edge.bench.report.charts.bars import bars
from edge.bench.report.charts.curve import curve
from edge.bench.report.charts.frame import TITLE
from edge.bench.report.charts.histogram import histogram
from edge.bench.report.charts.percentile_curve import percentile_curve
from edge.bench.report.charts.scatter import Point, pareto_front, scatter
from edge.bench.report.charts.timeline import Track, timeline
from edge.bench.report.figure import NARROW, WIDE
from tests.support.pictures import Picture

series = st.lists(st.floats(1e-3, 1e5), min_size=1, max_size=40)
widths = st.sampled_from([NARROW, WIDE])


@given(samples=series, width=widths)
def test_a_histogram_counts_every_sample_once(samples: list[float], width: float) -> None:
    seen = Picture(histogram(samples, {"p50": float(np.median(samples))}, width, "it"))
    counted = sum(int(title.text.rpartition(": ")[2]) for title in seen.all("title") if title.text)
    beyond = [int(said.split()[0]) for said in seen.words if "beyond" in said]
    assert counted + sum(beyond) == len(samples)
    assert not seen.outside()
    assert "p50" in seen.words
    assert (seen.root.attrib["role"], seen.root.attrib["aria-label"]) == ("img", "it")


def test_a_histogram_is_not_flattened_by_what_lies_far_out() -> None:
    samples = [*np.random.default_rng(0).normal(2.0, 0.05, 500).tolist(), 90.0, 95.5]
    seen = Picture(histogram(samples, {"p99": 94.0}, WIDE, "it"))
    assert "2 beyond, up to 95.5 ms \N{RIGHTWARDS ARROW}" in seen.words
    assert len(seen.all("rect", "bar")) > 10
    assert "p99" not in seen.words


@given(samples=st.lists(st.floats(1e-3, 1e5), min_size=2, max_size=40), supported=st.floats(0, 1), width=widths)
def test_a_percentile_curve_never_falls(samples: list[float], supported: float, width: float) -> None:
    seen = Picture(percentile_curve(samples, min(supported, 0.99999), width, "it"))
    assert not seen.outside()
    for line in seen.all("path", "line"):
        heights = [y for _, y in seen.points(line)]
        assert heights == sorted(heights, reverse=True)


def test_a_percentile_curve_is_firm_up_to_what_samples_support() -> None:
    samples = np.linspace(1, 2, 1000).tolist()
    seen = Picture(percentile_curve(samples, 0.9, WIDE, "it"))
    dashed, firm = seen.all("path", "line")
    assert "dashed" in dashed.attrib["class"]
    ticks = {one.text: float(one.attrib["x"]) for one in seen.all("text") if one.text}
    assert seen.points(firm)[-1][0] == pytest.approx(ticks["90"], abs=6)
    assert seen.points(dashed)[0] == seen.points(firm)[-1]


@pytest.mark.parametrize("count", [3, 1500, 50_000])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_timeline_of_any_length_stays_small(count: int, width: float) -> None:
    times = np.linspace(0.01, 10, count)
    values = np.full(count, 2.0)
    values[count // 2] = 8.0
    latency = Track("latency (ms)", {"": (times.tolist(), values.tolist())}, scattered=True, shaded=((4.0, 6.0),))
    clock = Track("clock (MHz)", {"policy0": ([0, 10], [1500, 2400]), "policy4": ([5], [1800])})
    said = timeline([latency, clock], 10.0, width, "it")
    seen = Picture(said)
    assert len(said) < 40_000
    assert not seen.outside()
    # The slowest query is there, however many others share its place.
    highest = min(y for path in seen.all("path") for _, y in seen.points(path))
    assert highest == TITLE
    assert {"policy0", "policy4", "clock (MHz)", "latency (ms)", "time in the steady phase (s)"} <= set(seen.words)
    (shade,) = seen.all("rect", "shade")
    assert float(shade.attrib["width"]) == pytest.approx(0.2 * (width - 60), abs=1)


def test_times_of_all_tracks_stand_above_one_another() -> None:
    track = ([0.0, 3.0], [1.0, 2.0])
    seen = Picture(timeline([Track("a", {"": track}), Track("b", {"": track})], 4.0, WIDE, "it"))
    first, second = ([x for x, _ in seen.points(path)] for path in seen.all("path", "line"))
    assert first == second


points = st.lists(
    st.builds(
        lambda x, y: Point("one", x, y, x * 0.9, x * 1.1, y - 0.03, y + 0.02),
        st.integers(1, 20).map(float),
        st.integers(0, 10).map(lambda tenth: tenth / 10),
    ),
    min_size=1,
    max_size=12,
)


@given(points=points, more=st.booleans(), width=widths)
def test_no_point_beats_the_front_and_some_point_beats_every_other(
    points: list[Point], *, more: bool, width: float
) -> None:
    front = pareto_front(points, more_is_better=more)

    def beats(one: Point, other: Point) -> bool:
        gain = one.y - other.y if more else other.y - one.y
        return one.x <= other.x and gain >= 0 and (one.x < other.x or gain > 0)

    assert not any(beats(point, other) for point in points for other in front)
    assert all(point in front or any(beats(other, point) for other in front) for point in points)
    seen = Picture(scatter(points, "top-1", width, "it", more_is_better=more))
    assert not seen.outside()
    assert len(seen.all("path", "point")) == len(points)
    assert len(seen.all("path", "beaten")) == sum(point not in front for point in points)


def test_bars_are_as_long_as_their_values() -> None:
    seen = Picture(bars([("imports", 0.3, "300 ms"), ("session", 0.15, "150 ms"), ("none", 0.0, "0 ms")], WIDE, "it"))
    lengths = [float(bar.attrib["width"]) for bar in seen.all("rect")]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.2)
    assert lengths[2] == 1
    assert seen.words == ["imports", "300 ms", "session", "150 ms", "none", "0 ms"]
    assert not Picture(bars([], NARROW, "it")).all("rect")


def test_a_curve_shows_its_bound() -> None:
    x, y = linear("rate (1/s)", [0, 40]), linear("over (%)", [0, 20])
    seen = Picture(curve(x, y, [(10, 0), (20, 1), (40, 18)], NARROW, "it", bound=("allowed 1%", 1.0)))
    (mark,) = seen.all("line", "mark")
    assert float(mark.attrib["y1"]) == pytest.approx(seen.points(seen.all("path", "line")[0])[1][1])
    assert "allowed 1%" in seen.words
    assert re.search("rate", " ".join(seen.words))
    assert not seen.outside()
