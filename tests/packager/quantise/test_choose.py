"""The choice: the fastest inside the budget, and a reason for everybody else."""

from __future__ import annotations

from dataclasses import replace

from edge.quantisation import Interval
from packager.quantise.choose import choose
from packager.quantise.scheme import Quantised, Scheme
from packager.quantise.settings import Settings
from packager.quantise.trial import Trial


def _around(value: float, reach: float = 0.01) -> Interval:
    return Interval(value=value, low=value - reach, high=value + reach)


def _trial(method: str, drop: float | None, ratio: float | None, size: int = 10, failure: str = "") -> Trial:
    return Trial(
        scheme=Scheme(engine="onnxruntime", precision="int8", activations="u8", method=method),
        size=size,
        drop=None if drop is None else _around(drop),
        ratio=None if ratio is None else _around(ratio),
        failure=failure,
    )


def _verdicts(trials: list[Trial], precision: str, max_drop: float = 1.0) -> dict[str, tuple[str, str]]:
    found = choose("onnxruntime", 40, trials, Settings(precision=precision, max_drop=max_drop))
    return {one.method or one.precision: (one.verdict, one.reason) for one in found.candidates}


def test_the_fastest_inside_the_budget_is_kept_and_the_others_have_reasons() -> None:
    trials = [
        _trial("min-max", 0.5, 0.5),
        _trial("mse", 0.9, 0.4),
        _trial("entropy", 1.1, 0.2),
        _trial("x", None, None),
    ]
    found = choose("onnxruntime", 40, [*trials[:3], _trial("x", None, None, failure="NaN")], Settings())
    assert found.trial is trials[1]
    told = {one.method or one.precision: (one.verdict, one.reason) for one in found.candidates}
    assert [told[name][0] for name in ("fp32", "min-max", "mse", "entropy", "x")] == [
        "rejected", "rejected", "chosen", "rejected", "failed"
    ]  # fmt: skip
    assert "over the budget of 1" in told["entropy"][1]
    assert told["x"][1] == "NaN"
    assert "0.50 x" in told["min-max"][1]


def test_what_a_quantiser_left_in_float_is_recorded_beside_what_was_asked() -> None:
    trial = _trial("mse", 0.0, 0.5)
    scheme = replace(trial.scheme, floats=("v.1",))
    trial = replace(trial, scheme=scheme, quantised=Quantised((), {}, left={"v.7": "its weight is computed"}))
    assert choose("onnxruntime", 40, [trial], Settings()).candidates[1].floats == ("v.1", "v.7")


def test_auto_keeps_only_what_is_surely_faster() -> None:
    slow = [_trial("min-max", 0.0, 0.995), _trial("mse", 0.0, None)]
    assert _verdicts(slow, "auto")["fp32"][0] == "chosen"
    assert "not surely faster" in _verdicts(slow, "auto")["min-max"][1]
    # Who asks for int8 may want it small.
    assert _verdicts(slow[:1], "int8")["min-max"][0] == "chosen"
    # What nobody measured may be faster; what was measured is not.
    assert _verdicts(slow, "int8")["mse"][0] == "chosen"


def test_what_is_neither_faster_nor_smaller_pays_nowhere() -> None:
    found = _verdicts([_trial("min-max", 0.0, 1.0, size=39)], "int8")
    assert "neither surely faster nor smaller" in found["min-max"][1]
    assert found["fp32"][0] == "chosen"
    both = [_trial("min-max", 0.0, 1.0, size=20), _trial("mse", 0.0, 1.1, size=10), _trial("x", 0.0, 1.2, size=5)]
    assert _verdicts(both, "int8")["mse"][0] == "chosen"
    assert _verdicts(both, "int8")["x"][1].startswith("is slower than fp32: 1.20 x")


def test_without_latencies_the_smallest_is_kept() -> None:
    trials = [_trial("min-max", 0.0, None, size=20), _trial("mse", 0.2, None, size=10)]
    assert _verdicts(trials, "int8")["mse"][0] == "chosen"


def test_fp32_stays_where_all_is_over_the_budget() -> None:
    found = choose("onnxruntime", 40, [_trial("mse", 5.0, 0.2)], Settings(precision="int8"))
    assert found.trial is None
    assert found.candidates[0].verdict == "chosen"
    assert found.candidates[0].size == 40
