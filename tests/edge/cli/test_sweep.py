"""`edge sweep` with real processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edge.bench.record import read_measurement
from edge.cli import group
from edge.cli.application import run
from tests.support.bundles import FIXTURE

SHORT = ["--min-seconds", "0", "--min-samples", "11", "--warmup", "0", "--max-cooling", "0"]


def called(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run(group, "edge", ["sweep", *map(str, arguments)])
    return code, *capsys.readouterr()


def test_a_table_and_a_record_for_each_turn(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = called(
        capsys, FIXTURE, *SHORT, "--threads", "1", "--batch", "1,3", "--engine", "onnxruntime", "--rounds", 2, "-o",
        tmp_path / "records",
    )  # fmt: skip
    assert code == 0
    assert [line.split()[:4] for line in out.splitlines()[1:3]] == [
        ["onnxruntime", "fp32", "1", "1"],
        ["onnxruntime", "fp32", "1", "3"],
    ]
    assert len(err.splitlines()) == 4
    names = sorted(path.name for path in (tmp_path / "records").iterdir())
    assert names == [f"onnxruntime-fp32-1t-b{batch}-r{number}.json" for batch in (1, 3) for number in (1, 2)]
    assert [read_measurement(tmp_path / "records" / name).batch for name in names] == [1, 1, 3, 3]


def test_json_has_a_row_for_each_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = called(capsys, FIXTURE, *SHORT, "--threads", "1", "--rounds", "1", "--json")
    assert code == 0
    found = json.loads(out)["rows"]
    assert [(row["engine"], row["threads"], row["rounds"]) for row in found] == [
        ("onnxruntime", 1, 1),
        ("paddlelite", 1, 1),
    ]
    assert all(row["p50"] > 0 and row["throughput"] > 0 and row["peak_memory"] > 1 << 20 for row in found)


def test_what_cannot_be_measured_is_a_line_or_where_it_is_everything_the_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    some = called(capsys, FIXTURE, *SHORT, "--threads", "1,600", "--engine", "onnxruntime", "--rounds", "1")
    assert some[0] == 0
    assert "not measured: onnxruntime fp32, 600 threads, batch 1: 600 threads cannot run anything" in some[1]
    everything = called(capsys, FIXTURE, *SHORT, "--threads", "600", "--engine", "onnxruntime")
    assert everything[:2] == (2, "")
    assert "600 threads cannot run anything" in everything[2]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--threads", "1,x"], "is no list of numbers"),
        (["--threads", "0"], "is no list of numbers"),
        (["--batch", ""], "is no list of numbers"),
        (["--engine", "tflite"], "unknown engine"),
        (["--precision", "int4"], "nothing in int4"),
        (["-o", FIXTURE], "is not empty"),
        (["-o", "/no/such/folder"], "cannot be made"),
    ],
)
def test_wrong_calls_are_said_before_anything_is_measured(
    capsys: pytest.CaptureFixture[str], arguments: list[Any], says: str
) -> None:
    code, out, err = called(capsys, FIXTURE, *arguments)
    assert (code, out) == (2, "")
    assert says in err
