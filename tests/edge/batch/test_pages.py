"""Batches of a bundle that reads pages."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from PIL import Image

from tests.support.batches import ONE, batch, batching, records
from tests.support.page_bundle import squares
from tests.support.processes import when
from tests.support.schemas import check_hocr

ORIENTATION = 0x0112
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How an upright picture lies in a file that says how it was turned."""


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    squares([("红a红b", 30, 20), ("ab", 30, 60)]).save(folder / "one.png")
    squares([("ba", 40, 40)]).save(folder / "two.tif", save_all=True, append_images=[squares([("红", 200, 100)])])
    (folder / "x.pdf").write_bytes(b"%PDF-1.4 no more")
    return folder


def test_a_file_of_several_pages_is_one_record(pages_bundle: Path, scans: Path, tmp_path: Path) -> None:
    assert batch(pages_bundle, scans, "-o", tmp_path / "out", *ONE).returncode == 2
    one, two, broken = records(tmp_path / "out")
    assert [[line["text"] for line in page["lines"]] for page in one["result"]["pages"]] == [["红a红b", "ab"]]
    assert [[line["text"] for line in page["lines"]] for page in two["result"]["pages"]] == [["ba"], ["红"]]
    assert "x.pdf" in broken["error"]
    assert "timings" not in one["result"]


def test_results_may_be_of_any_format(pages_bundle: Path, scans: Path, tmp_path: Path) -> None:
    assert batch(pages_bundle, scans, "-o", tmp_path / "out", "--format", "hocr", *ONE).returncode == 2
    one, two, _ = records(tmp_path / "out")
    for record in (one, two):
        check_hocr(record["result"].encode())
    assert batch(pages_bundle, scans, "-o", tmp_path / "texts", "--format", "text", *ONE).returncode == 2
    assert [one["result"] for one in records(tmp_path / "texts")[:2]] == ["红a红b\nab\n", "ba\n\n红\n"]


@pytest.mark.parametrize(
    ("name", "form", "says"),
    [("pages", "pdf", "does not go into a line"), ("pages", "word", "is unknown"), ("colour", "text", "of read pages")],
)
def test_a_format_that_does_not_fit_is_refused(
    bundles: Path, pages_bundle: Path, scans: Path, tmp_path: Path, name: str, form: str, says: str
) -> None:
    chosen = pages_bundle if name == "pages" else bundles / "colour.edge"
    done = batch(chosen, scans, "-o", tmp_path / "out", "--format", form, *ONE)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["scans"]


def test_the_eight_orientations_give_the_same_text(pages_bundle: Path, tmp_path: Path) -> None:
    upright = squares([("红a红b", 30, 20), ("ab", 30, 60)])
    (tmp_path / "in").mkdir()
    for orientation, turn in STORED.items():
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        stored = upright if turn is None else upright.transpose(turn)
        stored.save(tmp_path / "in" / f"{orientation}.jpg", quality=95, subsampling=0, exif=exif)
    assert batch(pages_bundle, tmp_path / "in", "-o", tmp_path / "out", "--format", "text", *ONE).returncode == 0
    assert [one["result"] for one in records(tmp_path / "out")] == ["红a红b\nab\n"] * 8


def test_a_watched_folder_gives_files_of_a_format(pages_bundle: Path, scans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with batching(pages_bundle, "--watch", scans, "-o", out, "--format", "pdf", *ONE) as process:
        when(process, lambda: len(list(out.glob("*.pdf"))) == 2 and list(out.glob("failed/*.json")))
        process.send_signal(signal.SIGTERM)
        _, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (0, "")
    assert sorted(path.name for path in out.glob("*.*")) == ["one.png.pdf", "two.tif.pdf"]
    assert (out / "two.tif.pdf").read_bytes().startswith(b"%PDF-")
    assert [path.name for path in (out / "failed").iterdir()] == ["x.pdf.json"]
