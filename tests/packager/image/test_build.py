"""An image of small packages, through the command: what is in it, that it is the same everywhere, and what stops it."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from edge.cli import application
from edge.digests import sha256_file
from packager.cli import group
from packager.image.fetch import Fetch, package_cache
from packager.image.inspect import inspect_image
from packager.image.lock import FORMAT, Lock, Locked, write_lock
from packager.image.wheels import SITE, describe_wheel
from tests.support.packages import debian_package, wheel
from tests.support.page_bundle import page_bundle


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return package_cache()


@pytest.fixture
def lock(tmp_path: Path, cache: Path) -> Lock:
    """Of two Debian packages and a wheel, which the cache has."""
    base = debian_package(tmp_path, "libc6", {"./lib/libc.so.6": b"c", "./usr/share/man/x": b"left out"})
    python = debian_package(tmp_path, "python3-minimal", {"./usr/bin/python3": b"python", "./tmp/": b""})
    tool = wheel(tmp_path, "tool", {"tool/__init__.py": b"", "tool/tests/big.py": b"x" * 9999})
    locked = [
        Locked(name=one.stem, version="1.0", file=one.name, size=one.stat().st_size, sha256=sha256_file(one))
        for one in (base, python)
    ]
    whole = Lock(
        format=FORMAT,
        suite="trixie",
        architecture="arm64",
        python="3.13",
        glibc=41,
        packages=tuple(locked),
        wheels=(describe_wheel(tool),),
    )
    for file, one in zip((base, python, tool), (*whole.packages, *whole.wheels), strict=True):
        Fetch(cache).keep(file, one)
    write_lock(whole, tmp_path / "image.lock")
    return whole


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


class Packager:
    """The command `packager image`, in the folder with the lock."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys

    def __call__(self, *arguments: str) -> Done:
        code = application.run(group, "packager", ["image", *arguments])
        said = self._capsys.readouterr()
        return Done(code, said.out, said.err)

    def build(self, out: str, *arguments: str, bundle: str = "pages.edge") -> Done:
        if not (self._folder / bundle).exists():
            page_bundle(self._folder / bundle)
        lock = ("--lock", str(self._folder / "image.lock"), "-o", str(self._folder / out))
        offline = () if "--mirror" in arguments else ("--offline",)
        return self("build", str(self._folder / bundle), *lock, *offline, *arguments)


@pytest.fixture
def packager(tmp_path: Path, lock: Lock, capsys: pytest.CaptureFixture[str]) -> Packager:
    """What the lock names is in the cache."""
    assert lock.packages
    return Packager(tmp_path, capsys)


def members(image: Path) -> dict[str, bytes]:
    """The files of the archive."""
    with tarfile.open(image) as tar:
        return {member.name: file.read() for member in tar if (file := tar.extractfile(member))}


def contents(image: Path) -> dict[str, bytes | None]:
    """Everything in the layers, the upper ones over the lower ones."""
    files = members(image)
    found: dict[str, bytes | None] = {}
    for path in json.loads(files["manifest.json"])[0]["Layers"]:
        with tarfile.open(fileobj=io.BytesIO(files[path]), mode="r:gz") as layer:
            for member in layer:
                file = layer.extractfile(member) if member.isreg() else None
                found[member.name] = file.read() if file else None
    return found


def test_an_image_holds_base_python_edge_and_the_bundle(packager: Packager, tmp_path: Path) -> None:
    done = packager.build("image.tar", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    image = inspect_image(tmp_path / "image.tar")
    assert image.digest == told["digest"]
    assert (image.name, image.architecture) == ("edgepack/pages:latest", "arm64")
    assert [one.created_by.split()[1] for one in image.layers] == ["Debian", "Python", "edge", "bundle"]
    inside = contents(tmp_path / "image.tar")
    assert inside["usr/lib/libc.so.6"] == b"c"
    assert inside["usr/bin/python3"] == b"python"
    assert f"{SITE}/edge/cli/__init__.py" in inside
    assert {"tmp", "lib", "etc/passwd", "usr/bin/edge", f"{SITE}/tool/__init__.py"} < set(inside)
    assert inside["bundles/pages.edge/bundle.json"] == (tmp_path / "pages.edge" / "bundle.json").read_bytes()
    assert (inside["var/lib/dpkg/status.d/libc6"] or b"").startswith(b"Package: libc6")
    left_out = ("usr/share/man", f"{SITE}/tool/tests", "__pycache__")
    assert not [name for name in inside if any(word in name for word in left_out)]


def test_both_ways_into_the_image_lead_to_the_same_blobs(packager: Packager, tmp_path: Path) -> None:
    assert packager.build("image.tar", "--name", "me/pages:1").code == 0
    files = members(tmp_path / "image.tar")
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    (docker,) = json.loads(files["manifest.json"])
    (told,) = json.loads(files["index.json"])["manifests"]
    manifest = json.loads(files[blob(told)])
    assert docker == {
        "Config": blob(manifest["config"]),
        "RepoTags": ["me/pages:1"],
        "Layers": [blob(one) for one in manifest["layers"]],
    }


def blob(descriptor: Mapping[str, str]) -> str:
    return "blobs/" + descriptor["digest"].replace(":", "/")


def test_another_model_changes_only_its_own_layer(packager: Packager, tmp_path: Path) -> None:
    page_bundle(tmp_path / "other.edge", most_pixels=70_000)
    for bundle in ("pages.edge", "other.edge", "pages.edge"):
        assert packager.build(f"{bundle}.tar.new", bundle=bundle).code == 0
        (tmp_path / f"{bundle}.tar.new").rename(tmp_path / f"{bundle}.tar")
    first, second = (inspect_image(tmp_path / f"{name}.edge.tar") for name in ("pages", "other"))
    assert first.layers[:3] == second.layers[:3]
    assert first.layers[3] != second.layers[3]


def test_the_same_inputs_give_the_same_bytes(packager: Packager, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert packager.build(name).code == 0
        for file in (tmp_path / "pages.edge").rglob("*"):
            file.touch()
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_zstd_layers_are_named_so(packager: Packager, tmp_path: Path) -> None:
    assert packager.build("image.tar", "--compression", "zstd").code == 0
    files = members(tmp_path / "image.tar")
    manifest = json.loads(files[blob(json.loads(files["index.json"])["manifests"][0])])
    assert {one["mediaType"] for one in manifest["layers"]} == {"application/vnd.oci.image.layer.v1.tar+zstd"}


def test_over_the_budget_nothing_is_written(packager: Packager, tmp_path: Path) -> None:
    done = packager.build("image.tar", "--budget", "1kB")
    assert done.code == 1
    assert "over its budget" in done.err
    assert "bundle pages" in done.err
    assert not (tmp_path / "image.tar").exists()


@pytest.mark.parametrize("budget", ["", "3 parsecs", "-1", "1.5GB"])
def test_what_is_no_size_is_refused(packager: Packager, budget: str) -> None:
    assert "is no size" in packager.build("x", "--budget", budget).err


@pytest.mark.parametrize("epoch", ["now", "-1", "1.5", "9" * 20])
def test_a_time_that_is_none_is_refused(packager: Packager, monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    done = packager.build("x")
    assert done.code == 2
    assert "SOURCE_DATE_EPOCH" in done.err


def test_a_damaged_cache_is_not_used(packager: Packager, lock: Lock, tmp_path: Path, cache: Path) -> None:
    (cache / lock.packages[0].sha256).write_bytes(b"something else")
    done = packager.build("image.tar")
    assert "libc6 1.0 is not in the cache" in done.err
    assert not (tmp_path / "image.tar").exists()


def test_a_wheel_that_is_not_the_locked_one_is_refused(
    packager: Packager, lock: Lock, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wheels").mkdir()
    wheel(tmp_path / "wheels", "tool", {"tool/__init__.py": b"import evil\n"})
    (cache / lock.wheels[0].sha256).unlink()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    done = packager.build("x", "--mirror", "http://127.0.0.1:1")
    assert "tool 1.0 has the SHA-256" in done.err
    assert sorted(one.name for one in cache.iterdir()) == sorted(one.sha256 for one in lock.packages)


def test_a_tampered_image_is_named(packager: Packager, tmp_path: Path) -> None:
    image = tmp_path / "image.tar"
    assert packager.build(image.name).code == 0
    whole = image.read_bytes()
    with tarfile.open(image) as tar:
        places = {member.name: member.offset_data for member in tar if member.name.startswith("blobs/")}
    for name, place in places.items():
        image.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        done = packager("inspect", str(image))
        assert done.code == 1
        assert name in done.err
    image.write_bytes(whole[: len(whole) // 2])
    assert packager("inspect", str(image)).code in (1, 2)


@pytest.mark.parametrize("wrong", ["none", "no JSON", "format", "machine"])
def test_a_lock_that_cannot_be_used_is_refused(packager: Packager, lock: Lock, tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "image.lock"
    if wrong == "none":
        path.unlink()
    elif wrong == "no JSON":
        path.write_text("{")
    else:
        write_lock(replace(lock, format=2) if wrong == "format" else replace(lock, architecture="riscv64"), path)
    assert "the lock" in packager.build("x").err
