from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from edge.bundle import open_bundle
from edge.cli import group
from edge.cli.application import run
from edge.errors import BundleError, CheckError
from edge.golden_pages import ALLOWED, check_page
from edge.manifest import GoldenLine, GoldenPage
from edge.verify import verify
from tests.support.bundles import change_manifest, reseal

FIRST = GoldenLine(text="A first line", box=((10, 10), (210, 10), (210, 30), (10, 30)))
SECOND = GoldenLine(text="二", box=((10, 50), (30, 50), (30, 70), (10, 70)))
PAGE = GoldenPage(image="page.png", turned=0, lines=(FIRST, SECOND))


def moved(line: GoldenLine, by: float) -> GoldenLine:
    return replace(line, box=tuple((x + by, y) for x, y in line.box))


def refusal(*lines: GoldenLine, turned: int = 0) -> str:
    with pytest.raises(CheckError) as caught:
        check_page(PAGE, replace(PAGE, turned=turned, lines=lines), "an engine")
    assert caught.value.message.startswith("an engine ")
    assert caught.value.remedy
    return caught.value.message


def test_order_and_white_space_do_not_count() -> None:
    assert check_page(PAGE, replace(PAGE, lines=(SECOND, replace(FIRST, text="Afirst  line "))), "an engine") == 0


def test_corners_may_be_off_a_little() -> None:
    assert check_page(PAGE, replace(PAGE, lines=(moved(FIRST, 4), SECOND)), "an engine") == pytest.approx(0.2)
    assert "'A first line' on page.png off by 0.30 of its height" in refusal(moved(FIRST, 6), SECOND)


def test_lines_of_the_same_text_are_matched_by_their_place() -> None:
    page = replace(PAGE, lines=(SECOND, moved(SECOND, 100)))
    assert check_page(page, replace(page, lines=tuple(reversed(page.lines))), "an engine") == 0


def test_what_was_read_otherwise_is_named() -> None:
    assert refusal(replace(FIRST, text="A f1rst line"), SECOND) == (
        "an engine reads 'A f1rst line' on page.png where 'A first line' was expected"
    )
    assert "reads 'nothing' on page.png where '二'" in refusal(FIRST)
    assert "reads 'more' on page.png where nothing was expected" in refusal(FIRST, SECOND, replace(FIRST, text="more"))
    assert "takes page.png for turned by 180 degrees, not 0" in refusal(FIRST, SECOND, turned=180)


def test_pages_are_read_again_on_every_engine(ocr_bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = verify(open_bundle(ocr_bundle))
    names = ("english", "chinese", "turned")
    assert [(page.engine, page.file) for page in done.pages] == [
        (engine, f"golden/pages/{name}.png") for engine in ("onnxruntime", "paddlelite") for name in names
    ]
    assert all(page.lines >= 5 and page.off <= page.tolerance == ALLOWED for page in done.pages)
    pages = {page.image: page for page in open_bundle(ocr_bundle).manifest.pages}
    assert pages["golden/pages/turned.png"].turned == 90
    assert "星期日和节假日闭馆" in [line.text for line in pages["golden/pages/chinese.png"].lines]
    assert run(group, "edge", ["verify", str(ocr_bundle), "--engine", "onnxruntime", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["pages"]) == 3


@pytest.fixture
def copy(ocr_bundle: Path, tmp_path: Path) -> Path:
    return shutil.copytree(ocr_bundle, tmp_path / "copy.edge")


def test_a_step_that_was_changed_is_found_though_every_network_is_right(copy: Path) -> None:
    """Golden vectors cannot see it: the characters are those of the neighbouring classes."""
    text = (copy / "characters.txt").read_text().split("\n")[:-1]
    turned = "\n".join([*text[1:], text[0], ""]).encode()
    (copy / "characters.txt").write_bytes(turned)
    reseal(copy)
    with pytest.raises(CheckError, match=r"onnxruntime reads .* on golden/pages/english\.png where"):
        verify(open_bundle(copy), "onnxruntime")


def test_a_page_that_is_not_listed_or_has_odd_boxes_is_refused(copy: Path) -> None:
    good = json.loads((copy / "bundle.json").read_text())["pages"]
    change_manifest(copy, lambda data: data["pages"][0].update(image="../page.png"))
    with pytest.raises(BundleError, match=r"the golden page '\.\./page\.png' is not listed"):
        open_bundle(copy)
    change_manifest(copy, lambda data: data.update(pages=good))
    open_bundle(copy)
    change_manifest(copy, lambda data: data["pages"][0]["lines"][0].update(box=[[0, 1]]))
    with pytest.raises(BundleError, match="has no four corners"):
        open_bundle(copy)
