"""The device wheel under every supported Python, and on emulated arm64 cores: each verifies the bundle of format 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.devices import CORES, PYTHONS, Arm64, arm64, edge_under
from tests.support.wheels import ROOT, build_wheel, unpack

BUNDLE = ROOT / "tests" / "fixtures" / "format-1.edge"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("device")
    return unpack(build_wheel(ROOT / "edge", folder / "wheel"), folder / "unpacked")


@pytest.fixture(scope="module")
def board(wheel: Path) -> Iterator[Arm64]:
    with arm64(wheel, BUNDLE) as root:
        yield root


@pytest.mark.parametrize("version", PYTHONS)
def test_a_bundle_is_verified_under_every_python(version: str, wheel: Path) -> None:
    done = edge_under(version, wheel, "verify", str(BUNDLE))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("core", CORES)
def test_a_bundle_is_verified_on_arm64(core: str, board: Arm64) -> None:
    done = board.edge(core, "verify", "{bundle}")
    assert done.returncode == 0, done.stderr


def test_a_damaged_bundle_is_seen_on_arm64(board: Arm64) -> None:
    artifact = board.work / board.bundle / "network.onnx"
    intact = artifact.read_bytes()
    artifact.write_bytes(intact[:-1] + bytes([intact[-1] ^ 1]))
    try:
        done = board.edge(CORES[0], "verify", "{bundle}")
    finally:
        artifact.write_bytes(intact)
    assert done.returncode == 1, done.stderr
    assert "network.onnx" in done.stderr
