"""Two wheels from one tree: what is in them, and that each works installed bare."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import venv
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

import edge
from tests.support.wheels import ROOT, build_wheel, names_in, unpack

# What `edge --version` and the refusal of `packager build` need, and nothing else.
LIGHT = ("click", "numpy")


@dataclass(frozen=True)
class Installed:
    """A bare environment with one of the wheels."""

    wheel: Path
    bin: Path

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([self.bin / command, *arguments], capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return _install(ROOT, tmp_path_factory.mktemp("host"))


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return _install(ROOT / "edge", tmp_path_factory.mktemp("device"))


def _install(project: Path, folder: Path) -> Installed:
    wheel = build_wheel(project, folder / "wheel")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    command = [sys.executable, "-m", "pip", "--python", str(folder / "venv"), "install", "--no-deps", "--no-index"]
    subprocess.run([*command, str(wheel)], check=True, capture_output=True)
    for library in LIGHT:
        spec = importlib.util.find_spec(library)
        assert spec is not None
        assert spec.origin is not None
        _link(Path(spec.origin).parent, packages)
    return Installed(wheel, folder / "venv" / "bin")


def _link(library: Path, packages: Path) -> None:
    """Lend a library of this environment to the bare one; numpy keeps shared objects in a folder beside it."""
    for folder in library.parent.glob(f"{library.name}*"):
        if not folder.name.endswith(".dist-info"):
            (packages / folder.name).symlink_to(folder)


def _expected(package: str) -> set[str]:
    """Every file of the package in the tree that is not the build's own business."""
    aside = {"edge/pyproject.toml", "edge/LICENSE"}
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / package).rglob("*") if path.is_file()}
    return {name for name in files if "__pycache__" not in name} - aside


def test_the_host_wheel_holds_both_packages_and_nothing_else(host: Installed) -> None:
    assert names_in(host.wheel) == _expected("edge") | _expected("packager")


def test_the_device_wheel_holds_edge_and_nothing_else(device: Installed) -> None:
    assert names_in(device.wheel) == _expected("edge")


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def test_each_wheel_is_typed_and_licensed(host: Installed, device: Installed, tmp_path: Path) -> None:
    for installed in (host, device):
        folder = unpack(installed.wheel, tmp_path / installed.wheel.stem)
        assert (folder / "edge" / "py.typed").exists()
        (licence,) = folder.glob("*.dist-info/licenses/LICENSE")
        assert licence.read_bytes() == (ROOT / "LICENSE").read_bytes()
        assert _metadata(installed.wheel)["Version"] == edge.__version__


def test_both_wheels_ask_for_the_same_on_a_device(host: Installed, device: Installed) -> None:
    host_needs, device_needs = (
        set(_metadata(installed.wheel).get_all("Requires-Dist", [])) for installed in (host, device)
    )
    host_only = ("extra == 'packager'", "extra == 'dev'")
    assert device_needs == {need for need in host_needs if not need.endswith(host_only)}
    assert _metadata(device.wheel)["Requires-Python"] == _metadata(host.wheel)["Requires-Python"]


def test_bare_commands_say_their_version(host: Installed, device: Installed) -> None:
    for installed, command in ((host, "edge"), (host, "packager"), (device, "edge")):
        done = installed.run(command, "--version")
        assert (done.returncode, done.stderr) == (0, "")
        assert edge.__version__ in done.stdout


def test_the_device_wheel_has_no_packager(device: Installed) -> None:
    assert not (device.bin / "packager").exists()


def test_packager_without_its_extra_says_what_to_install(host: Installed, tmp_path: Path) -> None:
    done = host.run("packager", "build", str(tmp_path), "-o", str(tmp_path / "x.edge"))
    assert done.returncode == 3, done.stderr
    said, *remedy = done.stderr.strip().splitlines()
    assert said.startswith("packager: ")
    assert len(remedy) <= 1
    assert "edgepack[packager]" in done.stderr
    assert not (tmp_path / "x.edge").exists()
