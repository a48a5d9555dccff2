from __future__ import annotations

import os
from pathlib import Path

import pytest

from packager.errors import SourceError
from packager.hub import listing
from packager.hub.listing import FolderListing

SHA = "ab" * 32
COMMIT = "12" * 20


def list_folder(folder: Path) -> FolderListing:
    return FolderListing(folder, label=str(folder))


def test_files_of_the_folder_and_one_level_below_are_named(tmp_path: Path) -> None:
    for name in ("config.json", "1_Pooling/config.json", "deep/er/x", ".git/config"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    names = list_folder(tmp_path).names
    assert {"config.json", "1_Pooling/config.json"} <= names
    assert not {"deep/er/x", ".git/config"} & names


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("x")
    (tmp_path / "link").symlink_to("real")
    assert list_folder(tmp_path).get("link").read_text() == "x"


@pytest.mark.parametrize("target", ["../secret", "/etc/passwd"])
def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret").write_text("x")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").symlink_to(target)
    with pytest.raises(SourceError, match="leaves the model's folder"):
        list_folder(folder).get("config.json")


def test_a_folder_behind_a_link_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/config.json").write_text("{}")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "1_Pooling").symlink_to("../outside")
    assert "1_Pooling/config.json" not in list_folder(folder).names


def snapshot(tmp_path: Path, blob: Path) -> Path:
    blob.parent.mkdir(parents=True)
    blob.write_text("x")
    folder = tmp_path / "hub/models--org--name/snapshots" / COMMIT
    folder.mkdir(parents=True)
    (folder / "model.bin").symlink_to(os.path.relpath(blob, folder))
    return folder


def test_links_of_the_cache_end_in_its_blobs(tmp_path: Path) -> None:
    found = list_folder(snapshot(tmp_path, tmp_path / "hub/models--org--name/blobs" / SHA))
    assert found.get("model.bin").read_text() == "x"
    assert found.stated_sha256("model.bin") == SHA


def test_links_of_the_cache_end_nowhere_else(tmp_path: Path) -> None:
    folder = snapshot(tmp_path, tmp_path / "elsewhere" / SHA)
    with pytest.raises(SourceError, match="leaves the model's folder"):
        list_folder(folder).get("model.bin")


def test_a_plain_folder_states_no_digest(tmp_path: Path) -> None:
    (tmp_path / SHA).write_text("x")
    (tmp_path / "model.bin").symlink_to(SHA)
    assert list_folder(tmp_path).stated_sha256("model.bin") == ""


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.json")
    with pytest.raises(SourceError, match="not a regular file"):
        list_folder(tmp_path).get("config.json")


def test_a_dangling_link_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.json").symlink_to("gone")
    with pytest.raises(SourceError, match="cannot be read"):
        list_folder(tmp_path).get("config.json")


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        list_folder(tmp_path / "gone")


def test_a_home_folder_is_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_FILES", 2)
    for name in "abc":
        (tmp_path / name).touch()
    with pytest.raises(SourceError, match="too many files"):
        list_folder(tmp_path)
