"""The limits, on modules that do nothing else than break them."""

from __future__ import annotations

import os
import select
from contextlib import suppress
from pathlib import Path

import pytest

from packager.coverage.limits import Limits, OverLimitError, run_limited
from packager.coverage.run import cover, measure
from packager.coverage.table import read_table
from packager.coverage.types import TYPES, ModelType

PLENTY = Limits(60, 1 << 30)
# Seconds for what takes milliseconds.
PATIENCE = 60
MODULES = {
    "told_back": "def run(request): return {'pid': __import__('os').getpid(), **request}",
    "never_ends": """
import pathlib, signal, subprocess, sys
def run(request):
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    pathlib.Path(request["pids"]).write_text(str(child.pid))
    signal.pause()
""",
    "eats_memory": "def run(request): return {'size': len(bytearray(request['bytes']))}",
    "child_eats_memory": """
import subprocess, sys
def run(request):
    code = f"bytearray({request['bytes']})"
    return {"code": subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode}
""",
    "says_no": "def run(request): raise ValueError('this is wrong')",
}


@pytest.fixture(autouse=True)
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def test_the_reply_comes_back_from_another_process() -> None:
    told = run_limited("told_back", {"a": [1, "é"]}, PLENTY)
    assert told["a"] == [1, "é"]
    assert told["pid"] != os.getpid()


def test_over_the_time_limit_the_child_and_its_children_die(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with pytest.raises(OverLimitError, match="over the time limit of 3 s"):
        run_limited("never_ends", {"pids": str(pids)}, Limits(3, 1 << 30))
    # It is killed by now, but may need a moment to give its memory back.
    with suppress(ProcessLookupError):
        killed = os.pidfd_open(int(pids.read_text()))
        assert select.select([killed], [], [], PATIENCE)[0]
        os.close(killed)


def test_over_the_memory_limit_the_child_dies() -> None:
    assert run_limited("eats_memory", {"bytes": 100 << 20}, PLENTY) == {"size": 100 << 20}
    with pytest.raises(OverLimitError, match=r"at 256 MiB allowed: .*MemoryError"):
        run_limited("eats_memory", {"bytes": 400 << 20}, Limits(60, 256 << 20))


def test_the_memory_limit_holds_for_what_the_child_starts() -> None:
    assert run_limited("child_eats_memory", {"bytes": 400 << 20}, Limits(60, 256 << 20)) == {"code": 1}
    assert run_limited("child_eats_memory", {"bytes": 400 << 20}, PLENTY) == {"code": 0}


def test_an_exception_is_quoted() -> None:
    with pytest.raises(OverLimitError, match=r"code 1 .*ValueError: this is wrong"):
        run_limited("says_no", {}, PLENTY)


def test_a_type_over_its_time_is_a_row() -> None:
    row = measure(ModelType("image-classification", "vit"), Limits(0.1, 1 << 30))
    assert [cell.reason for cell in row.cells] == ["over the time limit of 0.1 s"] * 4


def test_a_type_over_its_memory_is_a_row_and_those_that_follow_are_run(tmp_path: Path) -> None:
    told: list[str] = []
    cover(["vit", "albert"], tmp_path / "out", Limits(60, 32 << 20), told=lambda row: told.append(row.name))
    table = read_table(tmp_path / "out")
    assert told == [row.name for row in table.rows] == ["vit", "albert"]
    assert all("at 32 MiB allowed" in cell.reason for row in table.rows for cell in row.cells)
    assert table.run is None


def test_a_run_of_all_types_says_what_it_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packager.coverage.run.chosen", lambda _: TYPES[:2])
    run = cover([], tmp_path, Limits(60, 32 << 20), jobs=2).run
    assert run is not None
    assert (run.types, run.jobs) == (2, 2)
    assert run.seconds > 0
    assert run.memory_bytes > 32 << 20
    assert read_table(tmp_path).run == run
    assert cover(["vit"], tmp_path, Limits(60, 32 << 20)).run == run
