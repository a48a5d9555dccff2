"""The choice by what a device measured: over SSH on loopback, or from records that it wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.bundle import open_bundle
from packager.errors import DeviceError
from packager.quantise import clock
from packager.quantise.judge.device import Device
from packager.quantise.run import quantise
from packager.quantise.settings import Settings
from tests.support.calibration import colour_pictures
from tests.support.colour_network import colour_network
from tests.support.sshd import sshd


@pytest.mark.full
def test_auto_keeps_what_is_faster_on_the_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = open_bundle(colour_network(tmp_path / "colours.edge"))
    pictures = colour_pictures(tmp_path / "pictures", 40)
    settings = Settings(calibration=pictures, method="min-max", target="arm64", measure_on="pi")
    (tmp_path / "server").mkdir()
    with sshd(tmp_path / "server") as server:
        monkeypatch.setattr(clock, "Device", lambda address: Device(address, server.device.options))
        made = quantise(bundle, tmp_path / "made.edge", settings, {})
        assert not list(server.scratch.iterdir())
    (stage,) = made.manifest.stages
    assert stage.quantisation is not None
    assert stage.quantisation.measured_on == "pi"
    timed = [one for one in stage.quantisation.candidates if one.latency_ratio]
    assert timed
    (chosen,) = [one for one in stage.quantisation.candidates if one.verdict == "chosen"]
    assert chosen.precision == "fp32" or (chosen.latency_ratio is not None and chosen.latency_ratio.high < 1)


def test_a_device_that_cannot_be_reached_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "client").write_text("HostName 127.0.0.1\nPort 1\n")
    monkeypatch.setattr(clock, "Device", lambda address: Device(address, ("-F", str(tmp_path / "client"))))
    bundle = open_bundle(colour_network(tmp_path / "colours.edge"))
    pictures = colour_pictures(tmp_path / "pictures", 24)
    settings = Settings(precision="int8", calibration=pictures, method="min-max", target="arm64", measure_on="pi")
    with pytest.raises(DeviceError):
        quantise(bundle, tmp_path / "made.edge", settings, {})
    assert not (tmp_path / "made.edge").exists()
