from __future__ import annotations

from dataclasses import replace

from edge.bench.accuracy import Accuracy
from edge.bench.report.groups import groups
from edge.bench.report.judged import Judged, judged
from edge.bench.report.overview import overview, overview_figures, shared
from tests.support.measurements import measurement, steady


def _scored(seconds: float, top1: float, digest: str, **changes: object) -> Judged:
    accuracy = Accuracy(
        dataset=digest[:2], digest=digest, inputs=9, failed=0, metrics={"top1": top1}, errors=(), lengths=()
    )
    return judged(measurement(steady(200, seconds), accuracy=accuracy, **changes))


def test_scores_on_different_datasets_are_never_in_one_chart() -> None:
    found = groups(
        [
            _scored(0.004, 0.97, "aa" * 32),
            _scored(0.002, 0.95, "aa" * 32, threads_got=2),
            _scored(0.001, 0.99, "bb" * 32, threads_got=1),
        ]
    )
    assert overview(found).head[-2:] == ("top-1 on aa", "top-1 on bb")
    assert [row[-2:] for row in overview(found).rows] == [("97%", "n/a"), ("95%", "n/a"), ("n/a", "99%")]
    titles = [figure.title for figure in overview_figures(found)]
    assert titles == ["Median latency", "Accuracy against latency: top-1 on aa"]


def test_fewer_errors_are_better() -> None:
    one, other = _scored(0.004, 0.5, "aa" * 32), _scored(0.002, 0.5, "aa" * 32, threads_got=2)
    errors = [
        replace(it, done=replace(it.done, accuracy=replace(it.done.accuracy, metrics={"cer": cer})))
        for it, cer in ((one, 0.02), (other, 0.03))
        if it.done.accuracy is not None
    ]
    figure = list(overview_figures(groups(errors)))[1]
    assert [row[-1] for row in figure.rows] == ["no", "no"]
    worse = groups([errors[0], replace(errors[1], done=replace(errors[1].done, accuracy=errors[0].done.accuracy))])
    assert [row[-1] for row in list(overview_figures(worse))[1].rows] == ["yes", "no"]


def test_runs_of_one_thing_are_one_row_with_the_worst_verdict() -> None:
    done = measurement(steady(200, 0.002, spread=0))
    slower = measurement(steady(200, 0.0022, spread=0))
    stopped = replace(slower, stop=replace(slower.stop, reason="interrupted"))
    other = replace(done, threads_got=2)
    found = groups([judged(one) for one in (done, other, stopped, done)])
    assert [(one.key, len(one.runs), one.verdict) for one in found] == [("A", 3, "INVALID"), ("B", 1, "INVALID")]
    sheet = overview(found)
    assert sheet.title == "4 measurements"
    assert sheet.rows[0][:6] == ("A", "INVALID", "2.000", "2.000 to 2.200", "4 threads", "3")


def test_what_is_the_same_for_all_is_said_once() -> None:
    found = groups([judged(measurement()), judged(measurement(threads_got=2, threads=2))])
    assert shared(found).startswith("minilm, Raspberry Pi 5 Model B Rev 1.0, single-stream, model.onnx fp32")
    assert "threads" in overview(found).head
    assert "bundle" not in overview(found).head


def test_there_are_keys_for_more_than_an_alphabet() -> None:
    records = [judged(measurement(steady(20), threads_got=threads)) for threads in range(1, 30)]
    keys = [one.key for one in groups(records)]
    assert keys[:2] + keys[25:28] == ["A", "B", "Z", "A1", "B1"]
    assert len(set(keys)) == 29
