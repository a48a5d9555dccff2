from __future__ import annotations

from pathlib import Path

import pytest

from edge.errors import EnvironmentLackError, InputError
from edge.whole_file import check_place, whole_file
from tests.support.full_disk import SAYS, full_disk


def test_a_file_gets_its_name_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")
    with whole_file(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), whole_file(path) as file:
        file.write(b"%d" % (1 // 0))
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(EnvironmentLackError, match=f"out.json cannot be written .{SAYS}") as caught,
        full_disk(),
        whole_file(tmp_path / "out.json") as file,
    ):
        file.write(b"x" * 10_000)
    assert "space" in caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_is_found_at_once(tmp_path: Path) -> None:
    check_place(tmp_path / "out.json")
    with pytest.raises(InputError, match="is no folder"):
        check_place(tmp_path / "none" / "out.json")
    with pytest.raises(InputError, match="is a folder"):
        check_place(tmp_path)
