"""The device wheel under every Python and on emulated arm64 cores: each verifies a bundle, and reads a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.devices import CORES, PYTHONS, Arm64, arm64, edge_under
from tests.support.page_bundle import page_bundle, squares
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


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A bundle that reads pages, and a page."""
    folder = tmp_path_factory.mktemp("page")
    lines = [("ab红", 40, 30), ("红a", 40, 80), ("ba", 40, 130)]
    squares(lines).save(folder / "page.png")
    return page_bundle(folder / "page.edge"), folder / "page.png"


TEXT = "ab红\n红a\nba\n"


@pytest.mark.parametrize("version", PYTHONS)
def test_a_page_is_read_under_every_python(version: str, wheel: Path, page: tuple[Path, Path]) -> None:
    done = edge_under(version, wheel, "run", *map(str, page))
    assert (done.stdout, done.returncode) == (TEXT, 0), done.stderr


@pytest.mark.parametrize("core", CORES)
def test_a_page_is_read_on_arm64(core: str, wheel: Path, page: tuple[Path, Path]) -> None:
    bundle, picture = page
    with arm64(wheel, bundle, picture) as board:
        done = board.edge(core, "run", "{bundle}", "{work}/page.png")
    assert (done.stdout, done.returncode) == (TEXT, 0), done.stderr
