from __future__ import annotations

import os
import resource
import signal
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.bundle import open_bundle
from edge.errors import BundleError, EnvironmentLackError, InputError
from packager.bundle import refuse_existing, write_bundle
from tests.support.bundles import FIXTURE
from tests.support.format_1 import manifest

GOLDEN = ("golden/batch-1.npz", "golden/batch-3.npz")
MANIFEST = manifest(GOLDEN)


def files(**changed: Any) -> dict[str, Path | bytes]:
    names = ("network.onnx", "network.arm.nb", "network.x86.nb", "LICENSE", *GOLDEN)
    return {name: FIXTURE / name for name in reversed(names)} | changed


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file may grow over 2 kB: writing fails as it does on a full disk, at the same call."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, before)


def test_what_is_written_opens_with_its_files_in_order(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path / "deep" / "a.edge", MANIFEST, files())
    assert bundle == open_bundle(tmp_path / "deep" / "a.edge")
    paths = [entry.path for entry in bundle.manifest.files]
    assert paths == sorted(files())
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.edge"]


def test_the_same_arguments_give_the_same_bytes_and_modes(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        one = write_bundle(tmp_path / "one.edge", MANIFEST, files()).path
    finally:
        os.umask(before)
    two = write_bundle(tmp_path / "two.edge", MANIFEST, dict(reversed(files().items()))).path
    for path in sorted(one.rglob("*")):
        other = two / path.relative_to(one)
        assert (
            stat.S_IMODE(path.stat().st_mode)
            == stat.S_IMODE(other.stat().st_mode)
            == (0o755 if path.is_dir() else 0o644)
        )
        assert path.is_dir() or path.read_bytes() == other.read_bytes()
    assert stat.S_IMODE(one.stat().st_mode) == stat.S_IMODE(two.stat().st_mode) == 0o755


def test_it_writes_the_fixture_to_the_byte(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path / "a.edge", MANIFEST, files())
    assert (bundle.path / "bundle.json").read_bytes() == (FIXTURE / "bundle.json").read_bytes()


def test_contents_may_be_given_as_bytes(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path / "a.edge", MANIFEST, files(LICENSE=b"MIT\n"))
    assert bundle.file("LICENSE").read_bytes() == b"MIT\n"


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: path.symlink_to("/nowhere")])
def test_an_existing_output_is_refused_and_kept(tmp_path: Path, make: Any) -> None:
    out = tmp_path / "a.edge"
    refuse_existing(out)
    make(out)
    with pytest.raises(InputError, match="exists") as caught:
        write_bundle(out, MANIFEST, files())
    assert caught.value.remedy
    assert [path.name for path in tmp_path.iterdir()] == ["a.edge"]


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentLackError, match="no room"):
        write_bundle(tmp_path / "a.edge", MANIFEST, files())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"../LICENSE": b""}, InputError),
        ({"/LICENSE": b""}, InputError),
        ({"bundle.json": b"{}"}, InputError),
        ({"bundle.sig": b""}, InputError),
        ({"missing": Path("/no/such/file")}, InputError),
    ],
)
def test_files_that_cannot_be_in_a_bundle_leave_nothing_behind(
    tmp_path: Path, changed: dict[str, Path | bytes], error: type[Exception]
) -> None:
    with pytest.raises(error):
        write_bundle(tmp_path / "a.edge", MANIFEST, files(**changed))
    assert list(tmp_path.iterdir()) == []


def test_what_the_device_would_refuse_is_not_written(tmp_path: Path) -> None:
    given = files()
    del given["network.onnx"]
    with pytest.raises(BundleError, match=r"network\.onnx"):
        write_bundle(tmp_path / "a.edge", MANIFEST, given)
    assert list(tmp_path.iterdir()) == []


def test_a_parent_that_is_a_file_is_a_wrong_output(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        write_bundle(tmp_path / "file" / "a.edge", MANIFEST, files())
