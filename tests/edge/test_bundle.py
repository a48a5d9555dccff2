from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.bundle import MANIFEST_LIMIT, is_inside, open_bundle
from edge.errors import BundleError, EdgeError, InputError
from tests.support.bundles import FIXTURE, change_manifest, changed_manifests, copy_bundle, reseal

FILES = sorted(str(path.relative_to(FIXTURE)) for path in FIXTURE.rglob("*") if path.is_file())
LISTED = [name for name in FILES if name != "bundle.json"]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return copy_bundle(tmp_path)


def refusal(path: Path) -> EdgeError:
    with pytest.raises(EdgeError) as caught:
        open_bundle(path)
    assert caught.value.remedy
    return caught.value


def test_a_whole_bundle_opens_and_gives_its_files(bundle: Path) -> None:
    opened = open_bundle(str(bundle))
    assert opened.manifest.name == "format-1"
    assert opened.file("network.onnx") == bundle / "network.onnx"
    assert [entry.path for entry in opened.manifest.files] == LISTED
    with pytest.raises(BundleError, match=r"secret\.txt"):
        opened.file("secret.txt")


@given(name=st.sampled_from(LISTED), place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_any_changed_byte_of_a_listed_file_is_found_and_named(name: str, place: float, flip: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bundle = copy_bundle(Path(folder))
        data = bytearray((bundle / name).read_bytes())
        data[int(place * len(data))] ^= flip
        (bundle / name).write_bytes(data)
        error = refusal(bundle)
    assert isinstance(error, BundleError)
    assert name in error.message
    assert error.exit_code == 1


@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_changed_byte_of_the_manifest_never_shows_another_file_as_whole(place: float, flip: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bundle = copy_bundle(Path(folder))
        data = bytearray((bundle / "bundle.json").read_bytes())
        data[int(place * len(data))] ^= flip
        (bundle / "bundle.json").write_bytes(data)
        try:
            opened = open_bundle(bundle)
        except EdgeError:
            return
        # What still opens lists the same contents: the byte was in a text, a number of no file, or white space.
        assert [e.sha256 for e in opened.manifest.files] == [e.sha256 for e in open_bundle(FIXTURE).manifest.files]


@given(
    text=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_any_other_json_is_refused_in_one_line(text: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bundle.json").write_text(json.dumps(text))
        assert "\n" not in refusal(Path(folder)).message


@given(data=st.binary(max_size=200))
def test_any_bytes_as_a_manifest_are_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bundle.json").write_bytes(data)
        assert isinstance(refusal(Path(folder)), BundleError)


@given(change=changed_manifests())
def test_a_manifest_with_any_value_of_another_kind_is_refused_or_lists_the_same_files(change: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bundle = copy_bundle(Path(folder))
        (bundle / "bundle.json").write_bytes(change)
        try:
            opened = open_bundle(bundle)
        except EdgeError:
            return
        assert {entry.path for entry in opened.manifest.files} == set(LISTED)


@pytest.mark.parametrize("name", LISTED)
def test_a_missing_file_is_named(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    assert name in refusal(bundle).message


@pytest.mark.parametrize("name", ["extra.txt", "golden/extra.npz", "network.onnx.data"])
def test_an_added_file_is_named(bundle: Path, name: str) -> None:
    (bundle / name).write_text("x")
    assert name in refusal(bundle).message


def test_an_added_folder_is_named(bundle: Path) -> None:
    (bundle / "golden" / "more").mkdir()
    assert "golden/more" in refusal(bundle).message


def test_a_signature_may_be_there_unlisted(bundle: Path) -> None:
    (bundle / "bundle.sig").write_bytes(b"signed")
    assert open_bundle(bundle).manifest.name == "format-1"


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../copy.edge/LICENSE", "golden/../LICENSE", "./LICENSE", "golden//batch-1.npz", "golden\\x",
     "", ".", "bundle.json", "bundle.sig", "a\nb", "a\x1b[2J", "\ud800"],
)  # fmt: skip
def test_a_path_that_leaves_the_folder_or_is_not_plain_is_refused(bundle: Path, path: str) -> None:
    change_manifest(bundle, lambda data: data["files"][0].update(path=path))
    error = refusal(bundle)
    assert isinstance(error, BundleError)
    assert error.message.isprintable()


@given(st.text(max_size=20))
def test_an_inside_path_stays_in_its_folder(path: str) -> None:
    if is_inside(path):
        assert os.path.normpath(f"/top/{path}").startswith("/top/")


@pytest.mark.parametrize("name", ["LICENSE", "network.onnx", "golden/batch-1.npz", "bundle.json"])
def test_a_file_that_is_a_link_is_refused_even_to_the_right_contents(bundle: Path, tmp_path: Path, name: str) -> None:
    (bundle / name).rename(tmp_path / "moved")
    (bundle / name).symlink_to(tmp_path / "moved")
    assert Path(name).name in refusal(bundle).message


def test_a_folder_that_is_a_link_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "golden").rename(tmp_path / "moved")
    (bundle / "golden").symlink_to(tmp_path / "moved")
    assert "golden" in refusal(bundle).message


def test_the_bundle_itself_may_be_reached_by_a_link(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(bundle)
    assert open_bundle(tmp_path / "current").manifest.name == "format-1"


@pytest.mark.parametrize("name", ["LICENSE", "bundle.json"])
def test_a_pipe_in_place_of_a_file_is_refused_without_waiting_for_a_writer(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    os.mkfifo(bundle / name)
    assert name in refusal(bundle).message


def test_a_wrong_size_is_named_before_the_file_is_read(bundle: Path) -> None:
    with (bundle / "LICENSE").open("ab") as file:
        file.truncate(1 << 40)
    assert "LICENSE" in refusal(bundle).message


def test_a_huge_manifest_is_refused(bundle: Path) -> None:
    with (bundle / "bundle.json").open("ab") as file:
        file.truncate(MANIFEST_LIMIT + 1)
    assert "MiB" in refusal(bundle).message


def test_a_deeply_nested_manifest_is_refused(bundle: Path) -> None:
    (bundle / "bundle.json").write_text('{"format": 1, "a": ' + "[" * 200_000 + "]" * 200_000 + "}")
    assert isinstance(refusal(bundle), BundleError)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "1" + 400 * "0"])
def test_a_number_that_cannot_be_shown_is_refused(bundle: Path, number: str) -> None:
    path = bundle / "bundle.json"
    path.write_text(path.read_text(encoding="utf-8").replace("67108864", number), encoding="utf-8")
    with pytest.raises(BundleError, match=r"bundle\.json is not JSON"):
        open_bundle(bundle)


def test_a_file_listed_twice_is_refused(bundle: Path) -> None:
    change_manifest(bundle, lambda data: data["files"].append(data["files"][0]))
    assert "twice" in refusal(bundle).message


def test_a_newer_format_is_a_matter_of_updating(bundle: Path) -> None:
    change_manifest(bundle, lambda data: data.update(format=2))
    error = refusal(bundle)
    assert isinstance(error, InputError)
    assert "update" in error.remedy


@pytest.mark.parametrize("number", [0, -1])
def test_there_was_no_format_before_the_first(bundle: Path, number: int) -> None:
    change_manifest(bundle, lambda data: data.update(format=number))
    assert isinstance(refusal(bundle), BundleError)


def test_unknown_fields_are_kept(bundle: Path) -> None:
    change_manifest(bundle, lambda data: data.update(later={"a": [1]}))
    change_manifest(bundle, lambda data: data["stages"][0]["artifacts"][0].update(colour="red"))
    written = json.loads(open_bundle(bundle).manifest.to_bytes())
    assert written["later"] == {"a": [1]}
    assert written["stages"][0]["artifacts"][0]["colour"] == "red"


@pytest.mark.parametrize(
    "change",
    [
        lambda stage: stage["artifacts"][0].update(file="other.onnx"),
        lambda stage: stage.update(golden=["golden/other.npz"]),
        lambda stage: stage.update(postprocess=[{"kind": "labels", "options": {"file": "labels.txt"}}]),
        lambda stage: stage.update(outputs=[]),
        lambda stage: stage["inputs"][0].update(dtype="object"),
    ],
)
def test_a_stage_that_does_not_hold_together_is_refused(bundle: Path, change: Any) -> None:
    change_manifest(bundle, lambda data: change(data["stages"][0]))
    assert "network" in refusal(bundle).message


def test_stages_must_be_there_and_have_different_names(bundle: Path) -> None:
    change_manifest(bundle, lambda data: data["stages"].append(data["stages"][0]))
    assert "network" in refusal(bundle).message
    change_manifest(bundle, lambda data: data["stages"].clear())
    assert isinstance(refusal(bundle), BundleError)


def test_what_is_no_bundle_is_a_wrong_input(tmp_path: Path, bundle: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path, bundle / "LICENSE", tmp_path / ("x" * 5000)):
        assert refusal(path).exit_code == 2


def test_a_resealed_bundle_opens(bundle: Path) -> None:
    (bundle / "LICENSE").write_text("other")
    reseal(bundle)
    assert open_bundle(bundle).file("LICENSE").read_text() == "other"
