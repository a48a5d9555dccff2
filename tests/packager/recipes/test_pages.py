"""Pages of a recipe: what is not beside it is refused at once, what is read wrongly stops the build."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from edge.bundle import open_bundle
from packager import Order, build
from packager.errors import ParityError, SourceError
from packager.recipes.find import FOLDER, read_recipe
from packager.recipes.pages import MOST_ERRORS, load_pages, read_pages
from packager.recipes.recipe import Recipe


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    shutil.copytree(FOLDER / "pages", tmp_path / "pages")
    shutil.copy(FOLDER / "ppocrv4-mobile.toml", tmp_path / "own.toml")
    return read_recipe(tmp_path / "own.toml")


def test_pages_come_with_their_text(recipe: Recipe) -> None:
    pages = load_pages(recipe)
    assert [page.image for page in pages] == [
        "golden/pages/english.png",
        "golden/pages/chinese.png",
        "golden/pages/turned.png",
    ]
    assert all(page.picture.startswith(b"\x89PNG") and page.text.count("\n") >= 5 for page in pages)


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda folder: (folder / "english.png").unlink(), r"english\.png cannot be read"),
        (lambda folder: (folder / "english.txt").unlink(), r"english\.txt cannot be read"),
        (lambda folder: (folder / "english.txt").write_bytes(b"\xff"), "is not UTF-8"),
        (lambda folder: (folder / "english.png").write_bytes(bytes(5 << 20)), "larger than"),
    ],
)
def test_a_page_that_cannot_be_read_is_refused_before_any_work(
    break_it: object, message: str, recipe: Recipe, tmp_path: Path
) -> None:
    assert callable(break_it)
    break_it(tmp_path / "pages")
    with pytest.raises(SourceError, match=message):
        build(str(recipe.path), tmp_path / "out.edge", Order(engines=("onnxruntime",)))
    assert not (tmp_path / "out.edge").exists()


def test_a_page_outside_of_the_recipes_folder_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "pages" / "english.png").unlink()
    (tmp_path / "pages" / "english.png").symlink_to(FOLDER / "pages" / "english.png")
    for page in ("../secret.png", "pages/english.png", str(FOLDER / "pages" / "english.png")):
        with pytest.raises(SourceError, match="does not lie beside the recipe"):
            load_pages(replace(recipe, pages=(page,)))


def test_what_is_read_wrongly_stops_the_build(recipe: Recipe, ocr_bundle: Path) -> None:
    bundle = open_bundle(ocr_bundle)
    pages = load_pages(recipe)
    golden = read_pages(pages, bundle, ["onnxruntime"], 1)
    assert golden == bundle.manifest.pages
    few, many = (pages[0].text.replace("e", "x", count) for count in (1, 20))
    assert 20 > MOST_ERRORS * len(pages[0].text) > 1
    read_pages([replace(pages[0], text=few)], bundle, ["onnxruntime"], 1)
    with pytest.raises(ParityError, match=r"characters of golden/pages/english\.png are read wrongly"):
        read_pages([replace(pages[0], text=many)], bundle, ["onnxruntime"], 1)


def test_engines_that_cannot_run_here_read_nothing(
    recipe: Recipe, ocr_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDGEPACK_LITE_PYTHON", raising=False)
    assert read_pages(load_pages(recipe), open_bundle(ocr_bundle), ["paddlelite"], 1) == ()
