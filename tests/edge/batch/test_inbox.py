from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from edge.batch import inbox as module
from edge.batch.inbox import Inbox
from edge.batch.records import encode_record
from edge.errors import EnvironmentLackError, InputError
from tests.support.batches import records
from tests.support.full_disk import full_disk

FILES = ("a.png", "b.png", "bad.png", "c.tar.gz")


class CutError(BaseException):
    """The power is gone."""


pytestmark = pytest.mark.usefixtures("unsignalled")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "in").mkdir()
    return tmp_path / "in", tmp_path / "out"


def record(name: str, content: str) -> dict[str, Any]:
    if "bad" in name:
        return {"input": name, "status": "error", "error": "bad"}
    return {"input": name, "status": "ok", "result": content}


def work(inbox: Path, outbox: Path) -> None:
    """Hand over everything that there is."""
    with closing(Inbox(inbox, outbox)) as box:
        while taken := box.take(2):
            for path in taken:
                failed = "bad" in path.name
                box.hand_over(path, encode_record(record(path.name, path.read_text())), failed=failed)


def fill(inbox: Path) -> None:
    for name in FILES:
        (inbox / name).write_text(f"content of {name}")


def found(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


EXPECTED_IN = ["done/a.png", "done/b.png", "done/c.tar.gz", "failed/bad.png"]
EXPECTED_OUT = ["a.png.json", "b.png.json", "c.tar.gz.json", "failed/bad.png.json"]


def test_results_and_files_go_where_they_belong(folders: tuple[Path, Path]) -> None:
    inbox, outbox = folders
    fill(inbox)
    work(inbox, outbox)
    assert found(inbox) == EXPECTED_IN
    assert found(outbox) == EXPECTED_OUT
    assert records(outbox / "a.png.json") == [record("a.png", "content of a.png")]
    assert records(outbox / "failed" / "bad.png.json")[0]["status"] == "error"


@pytest.mark.parametrize("taken_away", [False, True])
@pytest.mark.parametrize("done_before", [False, True])
def test_every_step_may_be_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken_away: bool, done_before: bool
) -> None:
    """Cut off at the first, second, third ... change of a folder, before or after it; then the same while it recovers.

    With `taken_away` somebody takes results away as soon as they appear: nothing may be read twice for that.
    """
    monkeypatch.setattr(os, "fsync", lambda _file: None)  # only the order of things is tried here
    number = 0
    while _cut_run(tmp_path / str(number), monkeypatch, number, taken_away, done_before):
        number += 1
    assert number > 4 * len(FILES)


def _cut_run(folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, taken_away: bool, done_before: bool) -> bool:
    inbox, outbox, away = folder / "in", folder / "out", folder / "away"
    for one in (inbox, away):
        one.mkdir(parents=True)
    fill(inbox)
    cuts = 0
    for first in (number, number // 2):  # the second run is cut off, too
        with monkeypatch.context() as patch, suppress(CutError):
            counter = iter(range(first, -1, -1))
            for owner, name in ((Path, "rename"), (Path, "replace"), (module, "sync_folder")):
                patch.setattr(owner, name, _cutting(getattr(owner, name), counter, done_before))
            cuts += 1
            work(inbox, outbox)
            cuts -= 1
        if taken_away:
            _take(outbox, away)
    work(inbox, outbox)
    _take(outbox, away)
    assert found(inbox) == EXPECTED_IN, number
    assert found(away) == sorted(Path(one).name for one in EXPECTED_OUT), number
    assert not found(outbox)
    return cuts > 0


def _cutting(real: Callable[..., Any], counter: Iterator[int], done_before: bool) -> Callable[..., Any]:
    def act(*arguments: Any) -> Any:
        left = next(counter, None)
        if left is None:
            return real(*arguments)
        if left == 0 and not done_before:
            raise CutError
        done = real(*arguments)
        if left == 0:
            raise CutError
        return done

    return act


def _take(outbox: Path, away: Path) -> None:
    for path in [*outbox.glob("*.json"), *outbox.glob("failed/*.json")]:
        assert not (away / path.name).exists(), f"{path.name} was read twice"
        path.rename(away / path.name)


def test_a_name_that_comes_again_gets_a_number(folders: tuple[Path, Path]) -> None:
    inbox, outbox = folders
    for content in ("first", "second", "third"):
        (inbox / "a.png").write_text(content)
        work(inbox, outbox)
    assert found(inbox) == ["done/a.2.png", "done/a.3.png", "done/a.png"]
    assert [records(outbox / f"{name}.json")[0]["result"] for name in ("a.png", "a.2.png", "a.3.png")] == [
        "first",
        "second",
        "third",
    ]


def test_a_name_as_long_as_names_can_be(folders: tuple[Path, Path]) -> None:
    inbox, outbox = folders
    (inbox / ("ä" * 125 + ".png")).write_text("x")
    (inbox / ("ä" * 124 + "b.png")).write_text("y")
    work(inbox, outbox)
    assert len(found(outbox)) == 2
    assert all(name.endswith(".png.json") for name in found(outbox))


def test_a_name_that_is_no_utf_8(folders: tuple[Path, Path]) -> None:
    inbox, outbox = folders
    (inbox / os.fsdecode(b"caf\xe9.png")).write_text("x")
    work(inbox, outbox)
    assert [os.fsencode(path.name) for path in outbox.glob("*.json")] == [b"caf\xe9.png.json"]


def test_one_process_watches_a_folder(folders: tuple[Path, Path]) -> None:
    inbox, outbox = folders
    with closing(Inbox(inbox, outbox)), pytest.raises(InputError, match="is watched"):
        Inbox(inbox, outbox)
    Inbox(inbox, outbox).close()


def test_folders_that_cannot_be_used(folders: tuple[Path, Path]) -> None:
    inbox, outbox = folders
    with pytest.raises(InputError, match="no folder"):
        Inbox(inbox / "none", outbox)
    with pytest.raises(InputError, match="is the inbox"):
        Inbox(inbox, inbox)
    with pytest.raises(EnvironmentLackError, match="cannot be changed"):
        Inbox(inbox, outbox / "none" / "deeper")


def test_a_full_disk_leaves_the_file_for_the_next_run(folders: tuple[Path, Path]) -> None:
    inbox, outbox = folders
    (inbox / "a.png").write_text("x" * 5000)
    with full_disk(1000), pytest.raises(EnvironmentLackError, match="cannot be written"):
        work(inbox, outbox)
    assert found(inbox) == [".work/a.png"]
    work(inbox, outbox)
    assert found(inbox) == ["done/a.png"]
    assert found(outbox) == ["a.png.json"]
