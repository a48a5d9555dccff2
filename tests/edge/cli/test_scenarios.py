"""`edge bench` in the scenarios that look for something, with real processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from edge.bench.record import Measurement, read_measurement
from edge.cli import group
from edge.cli.application import run
from tests.support.bundles import FIXTURE
from tests.support.models import colour_bundle


def measured(tmp_path: Path, *arguments: object) -> Measurement:
    out = tmp_path / "record.json"
    words = ["bench", *map(str, arguments), "--threads", "1", "-o", str(out)]
    assert run(group, "edge", words) == 0
    return read_measurement(out)


def test_a_server_at_a_rate(tmp_path: Path) -> None:
    done = measured(
        tmp_path, FIXTURE, "--scenario", "server", "--latency-bound", 500, "--percentile", 90, "--rate", 400,
        "--min-seconds", 0.2, "--seed", 5,
    )  # fmt: skip
    assert done.server is not None
    assert (done.server.rate, done.server.bound, done.server.percentile, done.server.seed) == (400, 0.5, 0.9, 5)
    assert done.server.holds
    assert len(done.server.arrivals) == len(done.samples) >= 64
    assert set(done.stages) == {"waiting"}


def test_a_server_whose_highest_rate_is_searched(tmp_path: Path) -> None:
    done = measured(
        tmp_path, FIXTURE, "--scenario", "server", "--latency-bound", 500, "--percentile", 90, "--min-seconds", 0.1
    )
    assert done.server is not None
    assert done.server.holds
    assert len(done.server.probes) >= 5


def test_growing_memory(tmp_path: Path) -> None:
    done = measured(tmp_path, FIXTURE, "--scenario", "memory-growth", "--min-seconds", 0, "--min-samples", 50)
    assert done.growth is not None
    assert len(done.growth.resident) == 51


def test_a_soak(tmp_path: Path) -> None:
    done = measured(tmp_path, FIXTURE, "--scenario", "sustained", "--min-seconds", 0.3)
    assert done.seconds >= 0.3
    assert done.stop.max_seconds >= 600


def test_cold_starts(tmp_path: Path) -> None:
    done = measured(tmp_path, FIXTURE, "--scenario", "cold-start", "--min-samples", 2)
    assert len(done.samples) == 2
    assert all(0.05 < sample < 60 for sample in done.samples)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("red", "blue"):
        Image.new("RGB", (9, 9), name).save(folder / f"{name}.png")
    (folder / "labels.csv").write_text("file,label\nred.png,red\nblue.png,green\n")
    return folder


@pytest.mark.parametrize("scenario", ["single-stream", "cold-start"])
def test_accuracy_of_the_same_artifact(tmp_path: Path, pictures: Path, scenario: str) -> None:
    bundle = colour_bundle(tmp_path / "colour.edge")
    done = measured(
        tmp_path, bundle, pictures / "red.png", "--scenario", scenario, "--min-seconds", 0, "--min-samples", 11,
        "--dataset", pictures,
    )  # fmt: skip
    assert done.accuracy is not None
    assert (done.accuracy.metrics, done.accuracy.errors) == ({"top1": 0.5}, (0, 1))
    said = json.loads((tmp_path / "record.json").read_text())
    assert said["accuracy"]["metrics"] == {"top1": 0.5}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--scenario", "server"], "needs a bound"),
        (["--scenario", "server", "--latency-bound", "5", "--batch", "2"], "one input at a time"),
        (["--scenario", "server", "--latency-bound", "0"], "--latency-bound"),
        (["--scenario", "siesta"], "the scenarios are"),
        (["--precision", "int4"], "nothing in int4 for onnxruntime"),
        (["--dataset", "/no/such/data"], "no measure of accuracy"),
    ],
)
def test_wrong_calls_are_one_line(capsys: pytest.CaptureFixture[str], arguments: list[Any], says: str) -> None:
    assert run(group, "edge", ["bench", str(FIXTURE), *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
