from __future__ import annotations

import signal
from functools import partial
from pathlib import Path

import pytest

from tests.support.batches import ONE, batch, batching, grey, records
from tests.support.processes import below, gone, until, when

SLOW = 0.43


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def results(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.json"))


def test_files_are_read_as_they_arrive_and_failures_go_aside(bundles: Path, inbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    grey(inbox, [0.1])
    with batching(bundles / "colour.edge", "--watch", inbox, "-o", out, *ONE) as process:
        when(process, lambda: results(out) == ["000.png.json"])
        grey(tmp_path / "made", [0.2] * 3)[1].write_text("no image")
        for path in (tmp_path / "made").iterdir():
            path.rename(inbox / f"1{path.name}")
        when(process, lambda: len(results(out) + results(out / "failed")) == 4)
        process.send_signal(signal.SIGTERM)
        said, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (0, "")
    assert results(out) == ["000.png.json", "1000.png.json", "1002.png.json"]
    assert results(out / "failed") == ["1001.png.json"]
    assert [(one["input"], one["status"]) for one in records(out / "000.png.json")] == [("000.png", "ok")]
    error = records(out / "failed" / "1001.png.json")[0]["error"]
    assert error.startswith("1001.png is not an image")
    assert min(said.splitlines()) == "000.png"
    assert f"1001.png: {error}" in said
    assert [path.name for path in (inbox / "failed").iterdir()] == ["1001.png"]
    assert not list((inbox / ".work").iterdir())


def test_a_text_of_several_lines_is_one_file(bundles: Path, inbox: Path, tmp_path: Path) -> None:
    (inbox / "a.txt").write_text("first\nsecond\n")
    with batching(bundles / "word.edge", "--watch", inbox, "-o", tmp_path / "out", "--json", *ONE) as process:
        when(process, lambda: results(tmp_path / "out"))
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, '{"input": "a.txt", "failed": 0}\n')
    assert [one["input"] for one in records(tmp_path / "out" / "a.txt.json")] == ["a.txt:1", "a.txt:2"]


def test_a_kill_loses_and_doubles_nothing(bundles: Path, inbox: Path, tmp_path: Path) -> None:
    out, levels = tmp_path / "out", [SLOW] * 12
    grey(inbox, levels)
    arguments = (bundles / "slow.edge", "--watch", inbox, "-o", out)
    done = 0
    for _ in range(3):
        with batching(*arguments) as process:
            when(process, partial(_has_more, out, done))
            workers = list(below(process.pid))
            process.kill()
            process.communicate(timeout=60)
            for worker in workers:
                until(partial(gone, worker))
        done = len(results(out))
    with batching(*arguments) as process:
        when(process, partial(_has_more, out, len(levels) - 1))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert results(out) == [f"{number:03}.png.json" for number in range(len(levels))]
    assert len({records(path)[0]["result"]["scores"][0] for path in out.glob("*.json")}) == 1
    assert sorted(path.name for path in (inbox / "done").iterdir()) == [f"{n:03}.png" for n in range(len(levels))]
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{here}", "--watch", "{here}", "-o", "{here}/out"], "or a folder with --watch"),
        (["-o", "{here}/out"], "give INPUTs"),
        (["--watch", "{here}/none", "-o", "{here}/out"], "no folder"),
        (["--watch", "{here}", "-o", "{here}"], "is the inbox"),
    ],
)
def test_bad_usage_is_said(bundles: Path, inbox: Path, arguments: list[str], says: str) -> None:
    done = batch(bundles / "colour.edge", *(one.format(here=inbox) for one in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def _has_more(folder: Path, count: int) -> bool:
    return len(results(folder)) > count
