"""Small types through the command, whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.errors import InputError
from packager.cli.coverage import coverage
from packager.coverage.limits import Limits
from packager.coverage.road import cell_of_error
from packager.coverage.row import Cell, failed
from packager.coverage.run import cover
from packager.coverage.table import Table, with_row, write_table
from packager.coverage.types import TYPES
from packager.errors import UnsupportedModelError

MORE = ("bert", "beit", "convnextv2", "cvt", "roberta", "electra", "resnet", "vit")


@pytest.mark.parametrize("name", ["pp_lcnet", *(pytest.param(name, marks=pytest.mark.full) for name in MORE)])
def test_a_type_is_measured_on_every_engine(name: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(coverage, [name, "-o", str(tmp_path), "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    rows = json.loads(done.stdout)["rows"]
    assert [(row["task"], row["name"]) for row in rows] == [(one.task, name) for one in TYPES if one.name == name]
    for row in rows:
        cells = {column: row[column] for column in ("paddle", "onnx", "lite_x86")}
        assert [cell["reason"] for cell in (*cells.values(), row["lite_arm"])] == [""] * 4
        assert all(0 <= cell["error"] <= cell["tolerance"] for cell in cells.values())
        assert row["lite_arm"]["error"] == -1.0
        assert row["memory_bytes"] > 100 << 20


def test_without_names_only_types_without_a_row_are_run(tmp_path: Path) -> None:
    table = Table()
    for one in TYPES:
        table = with_row(table, failed(one.task, one.name, Cell(reason="earlier")), {})
    write_table(tmp_path, table)
    told: list[str] = []
    assert cover([], tmp_path, Limits(1, 1 << 30), told=lambda row: told.append(row.name)).rows == table.rows
    assert not told


def test_an_unknown_type_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'vitt' is no model type"):
        cover(["vitt"], tmp_path / "out", Limits(1, 1 << 30))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("message", "missing"),
    [
        ("2 operators have no lowering: aten.fft_fft2.default x2 (a.b), aten.celu.default x1 (top level)",
         ("aten.fft_fft2.default", "aten.celu.default")),
        ("the network has operators without a lowering: aten.celu.default (3×)", ("aten.celu.default",)),
        ("Paddle Lite for arm does not list fft_c2c (2×), celu (1×)", ("fft_c2c", "celu")),
        ("paddle2onnx has no mapper for isnan_v2 (1×)", ("isnan_v2",)),
        ("the output 'logits' is off by 1.0", ()),
    ],
)  # fmt: skip
def test_operators_that_are_named_as_missing_are_found(message: str, missing: tuple[str, ...]) -> None:
    assert cell_of_error(UnsupportedModelError(message)).missing == missing
