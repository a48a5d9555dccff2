"""Choosing by what a device measured: over SSH, and from its records."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.bundle import Bundle, open_bundle
from edge.errors import InputError
from edge.machine import this_machine
from edge.quantisation import Quantisation
from packager.errors import DeviceError
from packager.quantise import targets
from packager.quantise.run import quantise
from packager.quantise.settings import Settings
from tests.support.calibration import colour_pictures
from tests.support.colour_network import colour_network
from tests.support.sshd import Server, sshd

SHA256 = 64
EDGE = Path(sys.executable).parent / "edge"


@pytest.fixture(autouse=True)
def vnni(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether this machine has VNNI must not decide what is tried."""
    machine = replace(this_machine(), machine="x86_64", features=("avx512_vnni",))
    monkeypatch.setattr(targets, "this_machine", lambda: machine)


@pytest.fixture(scope="module")
def colours(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return open_bundle(colour_network(tmp_path_factory.mktemp("bundle") / "colours.edge"))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    pictures = colour_pictures(tmp_path_factory.mktemp("set") / "pictures", 40)
    return Settings(precision="int8", calibration=pictures, method="min-max", seconds=0.0)


@pytest.fixture
def pi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A device that measures each artifact once, and says the same of it from then on; `ssh pi` reaches it."""
    folder = tmp_path / "device"
    folder.mkdir()
    with sshd(folder) as server:
        key = f"{folder}/$(sha256sum $2/*.onnx | cut -c 1-64)"
        (server.programs / "edge").write_text(
            f'#!/bin/sh\n[ "$1" = bench ] || exec {EDGE} "$@"\n'
            f'[ -e {key} ] || {{ {EDGE} "$@"; cp record {key}; }}\ncp {key} record\n'
        )
        (server.programs / "edge").chmod(0o755)
        clients = tmp_path / "clients"
        clients.mkdir()
        for name in ("ssh", "scp"):
            (clients / name).write_text(f'#!/bin/sh\nexec {shutil.which(name)} -F {folder / "client"} "$@"\n')
            (clients / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{clients}:/usr/bin:/bin")
        yield server


def _found(bundle: Bundle) -> Quantisation:
    (stage,) = bundle.manifest.stages
    assert stage.quantisation is not None
    return stage.quantisation


@pytest.mark.full
def test_a_device_s_ratios_choose_and_so_do_its_records(
    colours: Bundle, asked: Settings, pi: Server, tmp_path: Path
) -> None:
    first = _found(quantise(colours, tmp_path / "one.edge", replace(asked, measure_on="pi"), {}))
    assert first.measured_on == "pi"
    assert [one for one in first.candidates if one.latency_ratio]
    assert list(pi.scratch.iterdir()) == []
    # Without the device its records lead to the same ratios.
    records = tmp_path / "records"
    records.mkdir()
    for record in pi.folder.iterdir():
        if len(record.name) == SHA256:
            shutil.copy(record, records / f"{record.name}.json")
    again = _found(quantise(colours, tmp_path / "two.edge", replace(asked, record=records), {}))
    assert again.measured_on == "records"
    for one, other in zip(again.candidates, first.candidates, strict=True):
        assert (one.latency_ratio is None) == (other.latency_ratio is None)
        if one.latency_ratio and other.latency_ratio:
            assert one.latency_ratio.value == pytest.approx(other.latency_ratio.value)


@pytest.mark.usefixtures("pi")
def test_a_device_that_cannot_be_reached_ends_it_before_anything_is_made(
    colours: Bundle, asked: Settings, tmp_path: Path
) -> None:
    with pytest.raises(DeviceError, match="Could not resolve") as caught:
        quantise(colours, tmp_path / "made.edge", replace(asked, measure_on="nowhere.invalid"), {})
    assert caught.value.remedy
    with pytest.raises(InputError, match="holds no record"):
        quantise(colours, tmp_path / "made.edge", replace(asked, record=tmp_path / "none*"), {})
    assert not (tmp_path / "made.edge").exists()
