from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from edge.errors import InputError
from packager.coverage.row import Cell, Row, Run, failed
from packager.coverage.table import Table, markdown, read_table, with_row, write_table
from packager.coverage.types import ACCEPTED, IMAGES, TEXTS, TYPES, chosen

ROOT = Path(__file__).resolve().parents[3]
GOOD = Cell(error=1.2e-6, tolerance=4.7e-5, seconds=3.0)
MADE = Cell(seconds=1.0)
LACKS = Cell(reason="Paddle Lite for arm does not list celu (3×)", missing=("celu",))
TOOLS = {"torch": "2.13.0"}


def _row(name: str, *, lite: Cell = GOOD, task: str = "image-classification") -> Row:
    arm = MADE if lite.good else lite
    return Row(
        task=task,
        name=name,
        paddle=GOOD,
        onnx=GOOD,
        lite_arm=arm,
        lite_x86=lite,
        seconds=41.2,
        memory_bytes=436 << 20,
    )


def _lines(*rows: Row) -> list[str]:
    table = Table()
    for row in rows:
        table = with_row(table, row, TOOLS)
    return list(markdown(table))


def test_a_good_row_shows_error_tolerance_time_and_memory() -> None:
    row = "| `vit` | 1.2e-06 / 4.7e-05 | 1.2e-06 / 4.7e-05 | made | 1.2e-06 / 4.7e-05 | 41 | 436 |"
    assert row in _lines(_row("vit"))


def test_a_failure_stays_as_a_row_with_its_reason_once() -> None:
    lines = _lines(_row("vit", lite=LACKS))
    assert "| `vit` | 1.2e-06 / 4.7e-05 | 1.2e-06 / 4.7e-05 | lacks `celu` | lacks `celu` | 41 | 436 |" in lines
    assert [line for line in lines if LACKS.reason in line] == [f"| `vit` | Lite arm, Lite x86 | {LACKS.reason} |"]


def test_types_with_one_reason_share_a_line() -> None:
    lines = _lines(_row("vit", lite=LACKS), _row("beit", lite=LACKS))
    assert f"| `beit`, `vit` | Lite arm, Lite x86 | {LACKS.reason} |" in lines


def test_a_type_that_reaches_nothing_is_a_row_too() -> None:
    lines = _lines(failed("text-classification", "yoso", Cell(reason="over the time limit of 1 s")))
    assert "| `yoso` | **no** | **no** | **no** | **no** | 0 | 0 |" in lines
    assert "| `yoso` | Paddle, ONNX, Lite arm, Lite x86 | over the time limit of 1 s |" in lines


def test_counts_come_first() -> None:
    lines = _lines(_row("vit"), _row("swin", lite=LACKS))
    counts = f"| [image-classification](#image-classification) | {len(IMAGES)} | 2 | 2 | 2 | 1 | 1 |"
    assert lines.index(counts) < lines.index("Measured with torch 2.13.0.") < lines.index("## image-classification")
    assert f"| text-classification | {len(TEXTS)} | 0 | 0 | 0 | 0 | 0 |" in lines
    assert "## text-classification" not in lines


def test_a_size_that_had_to_be_fixed_is_told() -> None:
    row = replace(_row("canine", task="text-classification"), fixed={"sequence": 128})
    assert "For one size only: `canine` (sequence 128)." in _lines(_row("vit"), row)
    assert Row.from_json(row.to_json()) == row


def test_a_whole_run_says_what_it_took() -> None:
    run = Run(types=117, jobs=2, seconds=2460.0, memory_bytes=3 << 29)
    (line,) = [one for one in markdown(Table(run=run)) if "117 types" in one]
    assert line == "A run of 117 types took 41 min, 2 at a time; at most 1.5 GiB were resident at a time."


def test_a_reason_cannot_break_the_table() -> None:
    (line,) = [
        one for one in _lines(failed(TYPES[0].task, TYPES[0].name, Cell(reason="a | <b>"))) if "a / &lt;b" in one
    ]
    assert line.count("|") == 4


def test_an_accepted_reason_is_told() -> None:
    text = "\n".join(_lines(failed("image-classification", "dinat", Cell(reason="no small dinat"))))
    assert f"no small dinat (accepted: {ACCEPTED['dinat']})" in text


def test_rows_keep_the_order_of_the_registry_and_replace_older_ones() -> None:
    table = Table()
    for row in (_row("vit"), _row("beit"), _row("vit", lite=LACKS)):
        table = with_row(table, row, TOOLS)
    assert [row.name for row in table.rows] == ["beit", "vit"]
    assert table.rows[1].lite_x86 == LACKS


def test_perceiver_has_a_row_for_each_task() -> None:
    table = with_row(Table(), _row("perceiver"), TOOLS)
    table = with_row(table, _row("perceiver", task="text-classification"), TOOLS)
    assert [row.task for row in table.rows] == ["image-classification", "text-classification"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    table = with_row(Table(), _row("vit", lite=LACKS), TOOLS)
    write_table(tmp_path, table)
    assert read_table(tmp_path) == table
    assert sorted(path.name for path in tmp_path.iterdir()) == ["coverage.json", "coverage.md"]


@pytest.mark.parametrize("text", ["", "[]", '{"rows": [{"name": "vit"}]}'])
def test_a_broken_table_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "coverage.json").write_text(text)
    with pytest.raises(InputError, match="is no coverage table"):
        read_table(tmp_path)


def test_an_unknown_type_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="'vitt' is no model type") as caught:
        chosen(["vit", "vitt"])
    assert "vit_msn" in caught.value.remedy


def test_named_types_come_in_the_order_named() -> None:
    assert [(one.task[:4], one.name) for one in chosen(["swin", "perceiver", "beit"])] == [
        ("imag", "swin"),
        ("imag", "perceiver"),
        ("text", "perceiver"),
        ("imag", "beit"),
    ]


def test_the_committed_table_belongs_to_the_code() -> None:
    table = read_table(ROOT / "docs")
    assert [(row.task, row.name) for row in table.rows] == [(one.task, one.name) for one in TYPES]
    assert table.run is not None
    assert {"torch", "transformers", "paddlepaddle", "paddle2onnx", "onnxruntime", "paddlelite"} <= table.tools.keys()
    assert "\n".join(markdown(table)) + "\n" == (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert json.loads((ROOT / "docs" / "coverage.json").read_text(encoding="utf-8")) == table.to_json()


def test_the_committed_table_names_no_folder_of_the_machine_that_measured_it() -> None:
    text = (ROOT / "docs" / "coverage.json").read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(tmp|home|root|work|usr|var)/", text)
