from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from edge.bench.cooling import Cooling
from edge.bench.judge import INVALID
from edge.bench.measure import measure
from edge.bench.plan import Plan
from edge.bench.record import Measurement
from edge.bench.stop_rule import INTERRUPTED
from edge.bench.sweep import Axes, default_threads, plans, rows, sweep
from edge.bundle import open_bundle
from edge.errors import EdgeError, EnvironmentLackError, InputError, SessionError
from edge.machine import this_machine
from edge.manifest import Artifact
from tests.support.bundles import FIXTURE, change_manifest, copy_bundle, reseal
from tests.support.simulated_clock import SimulatedClock

BASE = Plan(bundle=str(FIXTURE), min_seconds=0, min_samples=11, warmup=0, watched=False)


@pytest.fixture(scope="module")
def one() -> Measurement:
    return measure(replace(BASE, threads=1))


def configurations(axes: Axes, bundle: Path = FIXTURE) -> list[Plan]:
    return plans(replace(BASE, bundle=str(bundle)), open_bundle(bundle), axes, this_machine())


def swept(
    given: list[Plan], rounds: int, measure_one: Callable[[Plan], Measurement], *, heat: float = 40.0
) -> tuple[list[tuple[Plan, int, Measurement | EdgeError, float]], SimulatedClock]:
    """Turns on a machine that is hot after each, and 10 s later as cool as before."""
    clock = SimulatedClock()
    hot = -100.0

    def timed(plan: Plan) -> Measurement:
        nonlocal hot
        clock.pass_time(5)
        hot = clock.moment
        return measure_one(plan)

    cooling = Cooling(lambda: {"cpu": heat + (20 if clock.moment - hot < 10 else 0)}, clock)
    turns = list(sweep(given, rounds, cooling, timed))
    return [(turn.plan, turn.round, turn.outcome, turn.cooled.seconds) for turn in turns], clock


@pytest.mark.parametrize(("cpus", "threads"), [(1, (1,)), (2, (1, 2)), (4, (1, 2, 4)), (6, (1, 2, 4, 6))])
def test_threads_double_up_to_all(cpus: int, threads: tuple[int, ...]) -> None:
    assert default_threads(cpus) == threads


def test_every_artifact_that_runs_here_has_every_configuration() -> None:
    found = configurations(Axes((1, 2), (1, 3)))
    assert [(plan.engine, plan.precision, plan.threads, plan.batch) for plan in found] == [
        (engine, "fp32", threads, batch)
        for engine in ("onnxruntime", "paddlelite")
        for threads in (1, 2)
        for batch in (1, 3)
    ]
    assert {plan.engine for plan in configurations(Axes((1,), (1,), engines=("paddlelite",)))} == {"paddlelite"}


def test_a_precision_is_an_axis_and_its_artifact_is_the_one_that_runs(tmp_path: Path) -> None:
    bundle = copy_bundle(tmp_path)
    (bundle / "half.onnx").write_bytes((bundle / "network.onnx").read_bytes())

    def add(data: dict[str, list[dict[str, object]]]) -> None:
        stage: dict[str, list[object]] = data["stages"][0]  # type: ignore[assignment]
        stage["artifacts"].append(
            Artifact(engine="onnxruntime", file="half.onnx", precision="fp16", opset=17, ir=8).to_json()
        )
        data["files"].append({"path": "half.onnx", "size": 0, "sha256": ""})

    change_manifest(bundle, add)
    reseal(bundle)
    found = configurations(Axes((1,), (1,), engines=("onnxruntime",)), bundle)
    assert [plan.precision for plan in found] == ["fp32", "fp16"]
    assert [measure(plan).file for plan in found] == ["network.onnx", "half.onnx"]
    (only,) = configurations(Axes((1,), (1,), precisions=("fp16",)), bundle)
    assert (only.engine, only.precision) == ("onnxruntime", "fp16")


@pytest.mark.parametrize(
    ("axes", "says"),
    [
        (Axes((1,), (1,), engines=("tflite",)), "unknown engine"),
        (Axes((1,), (1,), precisions=("int4",)), "nothing in int4"),
    ],
)
def test_what_the_bundle_lacks_is_said(axes: Axes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        configurations(axes)


def test_where_nothing_runs_the_reason_is_said(tmp_path: Path) -> None:
    bundle = copy_bundle(tmp_path)
    change_manifest(bundle, lambda data: data["requires"]["engines"].update(onnxruntime=">=99"))
    with pytest.raises(EnvironmentLackError, match="needs onnxruntime >=99"):
        configurations(Axes((1,), (1,), engines=("onnxruntime",)), bundle)


def test_rounds_are_interleaved_in_changing_order_and_equally_cool(one: Measurement) -> None:
    given = configurations(Axes((1, 2, 3), (1, 2)))
    turns, clock = swept(given, 4, lambda _plan: one)
    by_round = [[plan for plan, number, _, _ in turns if number == wanted] for wanted in (1, 2, 3, 4)]
    assert all(len(plans) == len(given) and all(plan in plans for plan in given) for plans in by_round)
    assert [number for _, number, _, _ in turns] == sorted(number for _, number, _, _ in turns)
    assert by_round[0] != by_round[1]
    assert [seconds for *_, seconds in turns] == [0.0] + [10.0] * (len(turns) - 1)
    assert clock.moment == 5 * len(turns) + 10 * (len(turns) - 1)
    again, _ = swept(given, 4, lambda _plan: one)
    assert [plan for plan, *_ in again] == [plan for plan, *_ in turns]


def test_a_configuration_that_fails_is_said_once_and_stops_no_other(one: Measurement) -> None:
    given = configurations(Axes((1, 2), (1,), engines=("onnxruntime",)))

    def measured(plan: Plan) -> Measurement:
        if plan.threads == 2:
            raise SessionError("no memory for two")
        return one

    clock = SimulatedClock()
    turns = list(sweep(given, 3, Cooling(dict, clock), measured))
    assert [turn.plan.threads for turn in turns].count(2) == 1
    first, second = rows(given, turns)
    assert (first.rounds, first.error) == (3, "")
    assert (second.rounds, second.error, second.cooling) == (0, "no memory for two", ("no thermometer",))


def test_a_row_is_the_median_of_its_rounds(one: Measurement) -> None:
    (plan,) = configurations(Axes((1,), (1,), engines=("onnxruntime",)))
    factors = iter((3, 1, 2))

    def measured(_plan: Plan) -> Measurement:
        factor = next(factors)
        return replace(one, samples=(0.01 * factor,) * 20, seconds=1.0 * factor, inputs=20, peak_memory=factor)

    turns = list(sweep([plan], 3, Cooling(dict, SimulatedClock()), measured))
    (row,) = rows([plan], turns)
    assert (row.p50, row.fastest, row.slowest) == pytest.approx((0.02, 0.01, 0.03))
    assert (row.throughput, row.peak_memory, row.rounds) == (10.0, 3, 3)


def test_a_row_is_as_good_as_its_worst_round(one: Measurement) -> None:
    (plan,) = configurations(Axes((1,), (1,), engines=("onnxruntime",)))
    short = replace(one, samples=one.samples[:3], ends=one.ends[:3])
    outcomes = iter((one, short))
    turns = list(sweep([plan], 2, Cooling(dict, SimulatedClock()), lambda _plan: next(outcomes)))
    (row,) = rows([plan], turns)
    assert row.verdict == INVALID


def test_accuracy_is_measured_in_the_first_round_alone(one: Measurement) -> None:
    (plan,) = (replace(one, dataset="images") for one in configurations(Axes((1,), (1,), engines=("onnxruntime",))))
    asked = []

    def measured(told: Plan) -> Measurement:
        asked.append(told.dataset)
        return one

    list(sweep([plan], 3, Cooling(dict, SimulatedClock()), measured))
    assert asked == ["images", "", ""]


def test_the_user_ends_it_and_rows_have_what_was_whole(one: Measurement) -> None:
    given = configurations(Axes((1, 2), (1,), engines=("onnxruntime",)))
    count = 0

    def measured(_plan: Plan) -> Measurement:
        nonlocal count
        count += 1
        return replace(one, stop=replace(one.stop, reason=INTERRUPTED)) if count == 4 else one

    turns = list(sweep(given, 5, Cooling(dict, SimulatedClock()), measured))
    assert len(turns) == 4
    assert [row.rounds for row in rows(given, turns)] in ([2, 1], [1, 2])
