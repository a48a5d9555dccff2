from __future__ import annotations

import json

import pytest

from edge.cli.printer import mebibytes, show, table


def test_json_is_one_document_and_text_is_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show(True, {"name": "é", "list": [1]}, ["not printed"])
    assert json.loads(capsys.readouterr().out) == {"name": "é", "list": [1]}
    show(False, {"name": "not printed"}, ["one", "  two  three"])
    assert capsys.readouterr().out == "one\n  two  three\n"


def test_lines_cannot_steer_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show(False, {}, ["  a\x1b[2J  b\r\n"])
    assert capsys.readouterr().out.rstrip() == "  a\N{REPLACEMENT CHARACTER}[2J  b"


def test_columns_are_aligned() -> None:
    assert table([("a", "long"), ("bbb", "c")], indent=2) == ["  a    long", "  bbb  c"]


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (322, "322 bytes"), (1 << 20, "1.0 MiB"), (94 * 1000 * 1000, "89.6 MiB")]
)
def test_sizes_are_for_people(size: int, text: str) -> None:
    assert mebibytes(size) == text
