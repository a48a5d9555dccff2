from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from edge import cli
from edge.cli import application
from tests.support.models import colour_bundle
from tests.support.page_bundle import squares
from tests.support.schemas import check_alto, check_hocr

TEXT = "红a红b\nab\n"


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    squares([("红a红b", 30, 20), ("ab", 30, 60)]).save(folder / "one.png")
    two, three = squares([("ba", 40, 40)]), squares([("红", 200, 100)])
    two.save(folder / "two.tif", save_all=True, append_images=[three])
    return folder


def edge(*arguments: str | Path) -> int:
    return application.run(cli.group, "edge", [str(one) for one in arguments])


def test_the_text_of_a_page_is_printed(pages_bundle: Path, scans: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert edge("run", pages_bundle, scans / "one.png") == 0
    assert capsys.readouterr().out == TEXT
    assert edge("run", pages_bundle, scans / "two.tif") == 0
    assert capsys.readouterr().out == "ba\n\n红\n"


def test_texts_of_several_inputs_stand_under_their_names(
    pages_bundle: Path, scans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = f"{scans}/one.png:\n{TEXT}{scans}/two.tif:\nba\n\n红\n"
    for given in (scans, scans / "*", scans.parent / "**/*.*"):
        assert edge("run", pages_bundle, given) == 0
        assert capsys.readouterr().out == expected


def test_pages_come_from_standard_input(pages_bundle: Path, scans: Path) -> None:
    start = "from edge.cli import main; main()"
    with (scans / "two.tif").open("rb") as file:
        command = [sys.executable, "-c", start, "run", str(pages_bundle), "-"]
        done = subprocess.run(command, stdin=file, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("ba\n\n红\n", "")


def test_json_is_a_line_for_each_input(pages_bundle: Path, scans: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert edge("run", pages_bundle, scans, "--json") == 0
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["text"] for one in first["pages"][0]["lines"]] == ["红a红b", "ab"]
    assert first["pages"][0]["paragraphs"] == [[0, 1]]
    assert len(second["pages"]) == 2
    assert edge("run", pages_bundle, scans, "--format", "json") == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [first, second]


def test_a_pdf_goes_in_and_out(
    pages_bundle: Path, scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edge("run", pages_bundle, scans / "two.tif", "--output", tmp_path / "two.pdf") == 0
    assert not capsys.readouterr().out
    assert edge("run", pages_bundle, tmp_path / "two.pdf") == 0
    assert capsys.readouterr().out == "ba\n\n红\n"


def test_a_folder_gets_a_file_for_each_input(pages_bundle: Path, scans: Path, tmp_path: Path) -> None:
    (scans / "deeper").mkdir()
    squares([("b", 9, 9)]).save(scans / "deeper" / "one.png")
    out = tmp_path / "out"
    out.mkdir()
    assert edge("run", pages_bundle, scans, "--output", out, "--format", "alto") == 0
    assert sorted(one.name for one in out.iterdir()) == ["one.png-2.xml", "one.png.xml", "two.tif.xml"]
    words = [one.get("CONTENT") for one in check_alto((out / "one.png-2.xml").read_bytes()).iter("{*}String")]
    assert words == ["红a红b", "ab"]
    assert edge("run", pages_bundle, scans, "--output", out, "--format", "alto") == 2


@pytest.mark.parametrize("suffix", [".txt", ".json", ".tsv", ".hocr", ".xml", ".pdf", ".png"])
def test_the_suffix_says_the_format(pages_bundle: Path, scans: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    assert edge("run", pages_bundle, scans / "one.png", "--output", out) == 0
    content = out.read_bytes()
    checks: dict[str, Any] = {
        ".txt": lambda: content.decode() == TEXT,
        ".json": lambda: len(json.loads(content)["pages"]) == 1,
        ".tsv": lambda: content.startswith(b"level\t"),
        ".hocr": lambda: check_hocr(content),
        ".xml": lambda: check_alto(content) is not None,
        ".pdf": lambda: content.startswith(b"%PDF-"),
        ".png": lambda: Image.open(io.BytesIO(content)).size == (800, 200),
    }
    assert checks[suffix]()


def test_an_overlay_goes_beside_the_text(
    pages_bundle: Path, scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edge("run", pages_bundle, scans / "one.png", "--overlay", tmp_path / "o.png") == 0
    assert capsys.readouterr().out == TEXT
    with Image.open(tmp_path / "o.png") as image:
        assert image.size == (800, 200)


def test_pages_that_are_too_large_are_refused_by_their_header(
    pages_bundle: Path, scans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert edge("run", pages_bundle, scans / "one.png", "--max-pixels", "79999") == 2
    assert "claims more than 79,999 pixels" in capsys.readouterr().err
    assert edge("run", pages_bundle, scans / "one.png", "--max-pixels", "80000") == 0
    Image.new("1", (1500, 1000), 1).save(scans / "large.png")
    assert edge("run", pages_bundle, scans / "large.png", "--memory", "100MB") == 2
    assert "claims more than 1,000,000 pixels" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{one}", "--format", "docx"], "docx"),
        (["{one}", "--format", "pdf"], "give a file or a folder"),
        (["{scans}", "--format", "hocr"], "makes a file for each input"),
        (["{scans}", "--output", "{scans}/out.pdf"], "one file for several inputs"),
        (["{scans}", "--overlay", "{scans}/out.png"], "one file for several inputs"),
        (["{one}", "--output", "{scans}/out.doc"], "tells no format"),
        (["{one}", "--output", "{scans}/none/out.pdf"], "no folder"),
        (["{one}", "--output", "{one}"], "exists"),
        (["{one}", "--overlay", "{scans}/out.jpg"], "an overlay is a PNG"),
        (["{one}", "--memory", "much"], "no amount of memory"),
        (["{one}", "--top-k", "3"], "leave out --top-k"),
        (["{one}", "--overlay", "{scans}/out.png", "--font", "{one}"], "no font"),
    ],
)
def test_options_that_do_not_fit_are_one_line(
    pages_bundle: Path, scans: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    filled = [one.format(one=scans / "one.png", scans=scans) for one in arguments]
    assert edge("run", pages_bundle, *filled) == 2
    captured = capsys.readouterr()
    assert not captured.out
    assert says in captured.err
    assert "Traceback" not in captured.err
    assert sorted(one.name for one in scans.iterdir()) == ["one.png", "two.tif"]


def test_other_bundles_read_no_pages(scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    colours = colour_bundle(tmp_path / "colour.edge")
    assert edge("run", colours, scans / "one.png", "--format", "pdf") == 2
    assert "reads no pages" in capsys.readouterr().err


def test_a_damaged_page_does_not_stop_the_others(
    pages_bundle: Path, scans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (scans / "two.tif").read_bytes()
    (scans / "cut.tif").write_bytes(whole[: len(whole) // 2])
    assert edge("run", pages_bundle, scans) == 2
    captured = capsys.readouterr()
    assert "cut.tif" in captured.err
    assert TEXT in captured.out
