from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import edge
from edge.errors import BundleError, InputError
from edge.manifest import MANIFEST_NAME, Manifest
from tests.support.page_bundle import SQUARE, page_bundle, squares

LINES = [("红a红b", 30, 20), ("ab", 30, 60), ("bab", 30, 100), ("a红a", 30, 140), ("b红b", 200, 20)]


@pytest.fixture(scope="module")
def reader(pages_bundle: Path) -> Iterator[edge.Model]:
    with edge.load(pages_bundle, threads=2) as model:
        yield model


def texts_on(page: Image.Image, reader: edge.Model) -> list[str]:
    (document,) = reader.run_batch([np.asarray(page)])
    assert isinstance(document, edge.Document)
    return [line.text for line in document.pages[0].lines]


def pixels(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(image)


def test_a_page_is_read_with_the_places_of_its_lines(reader: edge.Model) -> None:
    document = reader(pixels(squares([("红a", 40, 30)])))
    assert isinstance(document, edge.Document)
    (page,) = document.pages
    assert (page.width, page.height, page.turned) == (400, 200, 0)
    (line,) = page.lines
    assert line.text == "红a"
    (left, top), _, (right, bottom), _ = line.box
    assert (left < 40, top < 30, right > 88, bottom > 54) == (True,) * 4
    assert len(line.scores) == len(line.places) == 2
    assert page.paragraphs == ((0,),)
    assert document.timings.engine > 0
    assert reader.threads == 2


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_batches_give_what_single_pages_give(reader: edge.Model, size: int) -> None:
    given = [pixels(squares(LINES[number:])) for number in range(5)] * 2
    alone = [reader(one) for one in given]
    together = reader.run_batch(given, size)
    assert [one.to_json()["pages"] for one in together] == [one.to_json()["pages"] for one in alone]


@pytest.mark.parametrize("size", [1, 4])
def test_bad_inputs_keep_their_place(reader: edge.Model, size: int) -> None:
    good = pixels(squares([("ab", 40, 30)]))
    outcomes = list(reader.outcomes([b"nothing", good, b"", good], size))
    assert [isinstance(one, InputError) for one in outcomes] == [True, False, True, False]
    assert [one.text for one in outcomes if isinstance(one, edge.Document)] == ["ab", "ab"]


@pytest.mark.parametrize("size", [1, 2, 8])
def test_pages_of_one_file_are_one_document(reader: edge.Model, tmp_path: Path, size: int) -> None:
    sheets = [squares([(text, 40, 30)]) for text in ("a", "b", "红")]
    sheets[0].save(tmp_path / "three.tif", save_all=True, append_images=sheets[1:])
    outcomes = list(reader.outcomes([tmp_path / "three.tif", pixels(squares([]))], size))
    assert [one.text for one in outcomes if isinstance(one, edge.Document)] == ["a\n\nb\n\n红", ""]


def test_inputs_are_read_as_they_are_needed(reader: edge.Model) -> None:
    taken: list[int] = []

    def given() -> Iterator[object]:
        for number in range(12):
            taken.append(number)
            yield pixels(squares([("ab", 40, 30)]))

    outcomes = reader.outcomes(given(), 1)
    next(outcomes)
    assert taken == [0]
    outcomes = reader.outcomes(given(), 2)
    next(outcomes)
    # A batch that is done, one that is read, one whose lines are found, and the page that shows that it is complete.
    assert len(taken) <= 1 + 3 * 2 + 1


def test_a_damaged_image_among_threads_leaves_no_document_half_done(reader: edge.Model, tmp_path: Path) -> None:
    sheets = [squares([(text, 40, 30)]) for text in ("a", "b")]
    sheets[0].save(tmp_path / "two.tif", save_all=True, append_images=sheets[1:])
    data = (tmp_path / "two.tif").read_bytes()
    cut, whole = reader.outcomes([data[: len(data) * 3 // 4], data], 4)
    assert isinstance(cut, InputError)
    assert isinstance(whole, edge.Document)
    assert len(whole.pages) == 2


def test_a_blank_page_has_no_lines(reader: edge.Model) -> None:
    document = reader(np.full((300, 300, 3), 255, np.uint8))
    assert isinstance(document, edge.Document)
    assert document.text == ""
    assert not document.pages[0].lines


def test_small_text_on_a_large_page_is_looked_at_from_near(tmp_path: Path) -> None:
    gap = 4
    lines = [("红ab", 40, 40 + number * (SQUARE + gap)) for number in range(20)]
    page = squares([*lines, ("ab红a", 1000, 700)], (1200, 800))
    far = edge.load(page_bundle(tmp_path / "far.edge", most_pixels=30_000))
    near = edge.load(page_bundle(tmp_path / "near.edge", most_pixels=30_000, text_height=16))
    with far, near:
        assert len(texts_on(page, far)) < 20
        assert sorted(texts_on(page, near)) == ["ab红a", *["红ab"] * 20]


def test_other_stages_and_labels_are_refused(tmp_path: Path) -> None:
    bundle = page_bundle(tmp_path / "pages.edge")
    manifest = Manifest.from_bytes((bundle / MANIFEST_NAME).read_bytes())
    detect, recognise = manifest.stages
    with pytest.raises(InputError, match="no labels"):
        edge.load(bundle, top_k=3)
    (bundle / MANIFEST_NAME).write_bytes(
        replace(manifest, stages=(replace(detect, postprocess=()), recognise)).to_bytes()
    )
    with pytest.raises(BundleError, match="lacks the step"):
        edge.load(bundle)
    (bundle / MANIFEST_NAME).write_bytes(replace(manifest, stages=(recognise,)).to_bytes())
    with pytest.raises(BundleError, match="has the stages recognise"):
        edge.load(bundle)
