from __future__ import annotations

import errno
import fcntl
import os
import shutil
from pathlib import Path

import pytest

from edge.batch.arriving import QUIET, Arriving


class Clock:
    """A clock that is set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


pytestmark = pytest.mark.usefixtures("unsignalled")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def arriving(tmp_path: Path, clock: Clock) -> Arriving:
    return Arriving(tmp_path, clock)


def names(arriving: Arriving) -> list[str]:
    return [path.name for path in arriving.complete(10)]


def test_a_file_has_arrived_when_nobody_writes_it(arriving: Arriving, tmp_path: Path) -> None:
    with (tmp_path / "a.png").open("wb") as file:
        file.write(b"half")
        file.flush()
        assert not names(arriving)
        with (tmp_path / "b.png").open("xb", buffering=0) as other:
            other.write(b"whole")
        assert names(arriving) == ["b.png"]
    assert names(arriving) == ["b.png", "a.png"] or names(arriving) == ["a.png", "b.png"]


def test_a_file_that_is_renamed_in_has_arrived(arriving: Arriving, tmp_path: Path) -> None:
    (tmp_path / ".a.png").write_bytes(b"x")
    (tmp_path / "b.png.part").write_bytes(b"x")
    assert not names(arriving)
    (tmp_path / ".a.png").rename(tmp_path / "a.png")
    (tmp_path / "b.png.part").rename(tmp_path / "b.png")
    assert sorted(names(arriving)) == ["a.png", "b.png"]


def test_the_oldest_come_first(arriving: Arriving, tmp_path: Path) -> None:
    for name, age in {"a": 3, "b": 1, "c": 2}.items():
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (1000 + age, 1000 + age))
    assert names(arriving) == ["b", "c", "a"]


def test_no_more_are_looked_at_than_are_wanted(arriving: Arriving, tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.png").write_bytes(b"x")
        os.utime(tmp_path / f"{number}.png", (1000 - number, 1000 - number))
    assert [path.name for path in arriving.complete(2)] == ["4.png", "3.png"]


def test_an_empty_file_may_still_be_filled(arriving: Arriving, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    assert not names(arriving)
    clock.now += QUIET / 2
    assert not names(arriving)
    clock.now += QUIET / 2
    assert names(arriving) == ["a.png"]


def test_where_the_kernel_does_not_tell_a_file_has_to_be_quiet(
    arriving: Arriving, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: int, _command: int, _argument: int = 0) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    (tmp_path / "a.png").write_bytes(b"ha")
    assert not names(arriving)
    clock.now += QUIET / 2
    (tmp_path / "a.png").write_bytes(b"half")
    assert not names(arriving)
    clock.now += QUIET / 2
    assert not names(arriving)
    clock.now += QUIET
    assert names(arriving) == ["a.png"]


def test_what_is_no_file_never_arrives(arriving: Arriving, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "link.png").symlink_to("/etc/passwd")
    assert not names(arriving)
    clock.now += 2 * QUIET
    assert not names(arriving)


def test_a_file_that_goes_away_is_forgotten(arriving: Arriving, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    assert not names(arriving)
    (tmp_path / "a.png").unlink()
    assert not names(arriving)
    clock.now += 2 * QUIET
    shutil.copy("/dev/null", tmp_path / "a.png")
    assert not names(arriving)
