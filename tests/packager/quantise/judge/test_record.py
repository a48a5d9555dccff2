"""Ratios from records, told by the digests of what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.bench.record import write_measurement
from edge.bundle import Bundle, open_bundle
from edge.errors import InputError
from packager.errors import DeviceError
from packager.quantise.judge.record import Recorded, artifact_digests, read_recorded
from tests.support.bundles import FIXTURE
from tests.support.candidates import changed, compute_more
from tests.support.measurements import measurement, steady

ENGINE = "onnxruntime"


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bundle, Bundle, str]:
    other = changed(FIXTURE, tmp_path_factory.mktemp("record") / "int8.edge", compute_more)
    fp32 = open_bundle(FIXTURE)
    return fp32, open_bundle(other), fp32.manifest.stages[0].name


def _digest(bundle: Bundle, stage: str) -> str:
    (digest,) = artifact_digests(bundle, stage, ENGINE)
    return digest


def test_a_folder_of_records_gives_the_ratio(bundles: tuple[Bundle, Bundle, str], tmp_path: Path) -> None:
    fp32, other, stage = bundles
    for number, (bundle, seconds) in enumerate(((fp32, 0.004), (other, 0.002), (fp32, 0.004), (other, 0.002)) * 3):
        done = measurement(steady(700, seconds, seed=number), file_digest=_digest(bundle, stage), digest="d" * 64)
        write_measurement(done, tmp_path / f"{number}.json")
    write_measurement(measurement(steady(700, 0.1)), tmp_path / "unrelated.json")
    found = read_recorded(tmp_path).latency_ratio(fp32, other, stage, ENGINE)
    assert found.value == pytest.approx(0.5, rel=0.01)
    assert 0.49 < found.low < found.value < found.high < 0.51


def test_one_run_of_each_is_less_sure(bundles: tuple[Bundle, Bundle, str]) -> None:
    fp32, other, stage = bundles
    records = [
        measurement(steady(700, seconds), file_digest=_digest(bundle, stage))
        for bundle, seconds in ((fp32, 0.004), (other, 0.002))
    ]
    found = Recorded(tuple(records), "pi.json").latency_ratio(fp32, other, stage, ENGINE)
    assert found.low < 0.48
    assert found.high > 0.52


def test_what_was_not_measured_or_cannot_be_compared_is_said(bundles: tuple[Bundle, Bundle, str]) -> None:
    fp32, other, stage = bundles
    one = measurement(file_digest=_digest(fp32, stage))
    said = rf"pi\.json holds no record of the artifact with SHA-256 {_digest(other, stage)[:12]}"
    with pytest.raises(InputError, match=said):
        Recorded((one,), "pi.json").latency_ratio(fp32, other, stage, ENGINE)
    slower = measurement(file_digest=_digest(other, stage), scenario="cold-start")
    with pytest.raises(InputError, match="the scenario differs"):
        Recorded((one, slower), "pi.json").latency_ratio(fp32, other, stage, ENGINE)
    failures = {artifact_digests(other, stage, ENGINE): DeviceError("on pi: no memory")}
    with pytest.raises(DeviceError, match="no memory"):
        Recorded((one,), "pi", failures).latency_ratio(fp32, other, stage, ENGINE)
