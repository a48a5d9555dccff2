from __future__ import annotations

from pathlib import Path

import pytest

from edge.boards import BOARDS, GENERIC, detect_board


def tree(root: Path, *compatible: str) -> Path:
    folder = root / "proc" / "device-tree"
    folder.mkdir(parents=True)
    (folder / "compatible").write_bytes("".join(f"{name}\0" for name in compatible).encode())
    return root


@pytest.mark.parametrize(
    ("compatible", "board"),
    [
        (("raspberrypi,model-zero-2-w", "brcm,bcm2837"), "rpi-zero2w"),
        (("raspberrypi,3-model-b-plus", "brcm,bcm2837"), "rpi3"),
        (("raspberrypi,3-compute-module", "brcm,bcm2837"), "rpi3"),
        (("raspberrypi,400", "brcm,bcm2711"), "rpi4"),
        (("raspberrypi,5-compute-module", "brcm,bcm2712"), "rpi5"),
        (("nvidia,p3768-0000+p3767-0005-super", "nvidia,p3767-0005", "nvidia,tegra234"), "jetson-orin"),
        (("pine64,rockpro64", "rockchip,rk3399"), "arm64"),
    ],
)
def test_the_device_tree_names_the_board(tmp_path: Path, compatible: tuple[str, ...], board: str) -> None:
    assert detect_board("aarch64", tree(tmp_path, *compatible)) == board


def test_a_container_without_a_device_tree_reads_the_model_line(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "cpuinfo").write_text("processor\t: 0\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n")
    assert detect_board("aarch64", tmp_path) == "rpi5"


def test_without_any_sign_the_machine_decides(tmp_path: Path) -> None:
    assert detect_board("aarch64", tmp_path) == "arm64"
    assert detect_board("x86_64", tmp_path) == "x86-64"
    assert detect_board("riscv64", tmp_path) == ""


def test_a_device_tree_cannot_make_a_pc_a_raspberry(tmp_path: Path) -> None:
    assert detect_board("x86_64", tree(tmp_path, "brcm,bcm2711")) == "x86-64"


def test_every_board_can_be_told_from_the_others() -> None:
    strings = [name for board in BOARDS.values() for name in board.compatible]
    assert len(strings) == len(set(strings))
    assert {board.id for board in BOARDS.values() if not board.compatible} == set(GENERIC.values())
    assert all(GENERIC[board.machine] in BOARDS for board in BOARDS.values())
