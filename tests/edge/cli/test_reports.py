"""`edge compare`, `edge report` and `edge bench --report` as a user calls them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.bench.record import Measurement, read_measurement, write_measurement
from edge.cli import group
from edge.cli.application import run
from tests.support.bundles import FIXTURE
from tests.support.full_disk import SAYS, full_disk
from tests.support.measurements import measurement, steady


class Called:
    """What a command line printed, and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
        self.code = run(group, "edge", [str(argument) for argument in arguments])
        self.out, self.err = capsys.readouterr()


def _record(path: Path, done: Measurement | None = None) -> Path:
    path.parent.mkdir(exist_ok=True)
    write_measurement(done or measurement(), path)
    return path


def _changed(path: Path, **fields: Any) -> Path:
    path.write_text(json.dumps(json.loads(_record(path).read_text()) | fields))
    return path


def test_compare_says_no_difference(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one, other = _record(tmp_path / "a.json"), _record(tmp_path / "b.json", measurement(steady(700, seed=1)))
    called = Called(capsys, "compare", one, other, "--fail-above", 1.05)
    assert (called.code, called.err) == (0, "")
    assert "\nno difference: the second takes " in called.out
    assert "5% are allowed for what one run and the next differ by" in called.out
    assert "differs" not in called.out


def test_compare_says_which_is_faster_by_how_much_and_what_differs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    one = _record(tmp_path / "a.json", measurement(steady(700, 0.004), threads=1, threads_got=1))
    two = _record(tmp_path / "b.json", measurement(steady(700, 0.002), threads=2, threads_got=2))
    called = Called(capsys, "compare", one, two, "--fail-above", 1.05)
    assert (called.code, called.err) == (0, "")
    assert "the second is faster: it takes 0.500 times as long (95% interval 0.47" in called.out
    assert "it is 2.00 times as fast" in called.out
    assert "  threads  1      2\n" in called.out
    said = json.loads(Called(capsys, "compare", one, two, "--json").out)
    assert (said["answer"], said["differs"]) == ("faster", {"threads": ["1", "2"]})
    assert said["ratio"]["middle"] == pytest.approx(0.5)

    back = Called(capsys, "compare", two, one, "--fail-above", 1.05)
    assert back.code == 1
    assert "the second is slower" in back.out
    assert "takes 2.000 times as long as" in back.err
    assert Called(capsys, "compare", two, one).code == 0
    assert Called(capsys, "compare", two, one, "--fail-above", 2.5).code == 0


def test_compare_takes_folders_and_patterns_of_runs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for place, slower in enumerate((1.0, 1.003, 0.998)):
        _record(tmp_path / "one" / f"{place}.json", measurement(steady(200, 0.002 * slower, seed=place)))
        _record(tmp_path / "two" / f"b-{place}.json", measurement(steady(200, 0.00206 * slower, seed=place)))
    _record(tmp_path / "two" / "c.json", measurement(threads=1, threads_got=1))
    called = Called(capsys, "compare", tmp_path / "one", tmp_path / "two" / "b-*.json")
    assert called.code == 0, called.err
    assert "the second is slower: it takes 1.030 times as long" in called.out
    assert "3 runs" in called.out
    assert "are allowed" not in called.out
    mixed = Called(capsys, "compare", tmp_path / "one", tmp_path / "two")
    assert (mixed.code, mixed.out) == (2, "")
    assert "no runs of one thing, threads differs" in mixed.err


def test_compare_says_why_a_record_is_worth_less(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    done = measurement()
    swapped = replace(done.conditions, after=replace(done.conditions.readings[-1], swap=3 << 20))
    one = _record(tmp_path / "a.json")
    two = _record(tmp_path / "b.json", replace(done, conditions=swapped))
    called = Called(capsys, "compare", one, two)
    assert called.code == 0
    assert "  the second is UNSTABLE: 3.0 MiB are in swap\n" in called.out
    assert "the first is" not in called.out


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"format": 1}, "older format 1"),
        ({"format": 99}, "newer format 99"),
        ({"task": "image-classification"}, "the task differs"),
        ({"samples": []}, "is no record"),
        ({"samples": "many"}, "is no record"),
        ({"conditions": {"model": "Raspberry Pi 4 Model B Rev 1.4"}}, "the board differs"),
    ],
)
@pytest.mark.parametrize("command", ["compare", "report"])
def test_what_cannot_be_compared_is_one_line_with_a_remedy(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, fields: dict[str, Any], said: str, command: str
) -> None:
    called = Called(capsys, command, _record(tmp_path / "a.json"), _changed(tmp_path / "b.json", **fields))
    if command == "report" and "differs" in said:
        assert called.code == 0
        return
    assert (called.code, called.out) == (2, "")
    assert said in called.err
    assert called.err.count("\n") == 2


@pytest.mark.parametrize("name", ["none.json", "empty", "no-*.json"])
def test_records_that_are_not_there_are_said_by_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    for command in (["compare", _record(tmp_path / "a" / "a.json")], ["report"]):
        called = Called(capsys, *command, tmp_path / name)
        assert (called.code, called.out) == (2, "")
        assert name in called.err


@pytest.mark.parametrize("name", ["out.html", "out.md"])
def test_bench_writes_a_report_of_what_it_printed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    rule = ("--min-seconds", 0, "--min-samples", 64, "--threads", 1)
    kept, written = tmp_path / "bench.json", tmp_path / name
    called = Called(capsys, "bench", FIXTURE, *rule, "-o", kept, "--report", written)
    assert called.code == 0, called.err
    for figure in ("median latency", "p90", "peak memory"):
        found = re.search(rf"^  {figure} +(\S+ \S+)", called.out, re.MULTILINE)
        assert found is not None
        assert found[1] in written.read_text()
    again = Called(capsys, "report", kept, "-o", tmp_path / f"again-{name}")
    assert (again.code, again.out) == (0, called.out)
    assert (tmp_path / f"again-{name}").read_text() == written.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["bench.json", name, f"again-{name}"])


@pytest.mark.parametrize("name", ["out.pdf", "no/out.html", "folder.html"])
def test_a_report_that_cannot_be_written_is_said_before_anything_is_measured(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder.html").mkdir()
    kept = _record(tmp_path / "a.json")
    for command in (["bench", "/no/such.edge", "--report"], ["report", kept, "-o"]):
        called = Called(capsys, *command, tmp_path / name)
        assert (called.code, called.out) == (2, "")
        assert called.err.count("\n") == 2
        assert "no/such.edge" not in called.err


def test_a_full_disk_leaves_no_half_of_a_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kept = _record(tmp_path / "a.json")
    with full_disk():
        called = Called(capsys, "report", kept, "-o", tmp_path / "out.html")
    assert (called.code, called.out) == (3, "")
    assert SAYS in called.err
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_full_disk_leaves_what_was_measured_on_the_screen(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with full_disk():
        called = Called(
            capsys, "bench", FIXTURE, "--threads", 1, "--min-seconds", 0.1, "--json", "-o", tmp_path / "out.json"
        )
    assert called.code == 3
    assert SAYS in called.err
    assert len(json.loads(called.out)["samples"]) >= 64
    assert not list(tmp_path.iterdir())


def test_a_reader_that_has_left_takes_no_record_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; from edge.cli import main; sys.exit(main())", "bench", str(FIXTURE)]
    options = ["--threads", "1", "--min-seconds", "0.1", "-o", str(tmp_path / "out.json")]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.close()
        assert process.wait(60) == 141
    assert len(read_measurement(tmp_path / "out.json").samples) >= 64


def test_a_folder_of_a_sweep_becomes_one_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for threads, seconds in ((1, 0.004), (2, 0.002)):
        for number in (1, 2, 3):
            done = measurement(
                steady(200, seconds * (1 + number / 100), spread=0), threads=threads, threads_got=threads
            )
            _record(tmp_path / "sweep" / f"{threads}t-r{number}.json", done)
    called = Called(capsys, "report", tmp_path / "sweep", "-o", tmp_path / "sweep.md")
    assert called.code == 0
    rows = [line for line in (tmp_path / "sweep.md").read_text().splitlines() if line.startswith(("| A", "| B"))]
    assert len(rows) == 2
    cells = [cell.strip() for cell in rows[0].strip("|").split("|")]
    assert cells[:6] == ["A", "VALID", "4.080", "4.040 to 4.120", "1 thread", "3"]
    assert called.out.splitlines()[0] == "6 measurements"
    assert "  A  VALID    4.080        4.040 to 4.120  1 thread   3  " in called.out
    said = json.loads(Called(capsys, "report", tmp_path / "sweep", "--json").out)["records"]
    assert len(said) == 6
    assert said[0]["judgement"]["verdict"] == "VALID"
