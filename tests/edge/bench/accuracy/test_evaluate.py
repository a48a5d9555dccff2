"""Datasets of known truth through real bundles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

import edge
from edge.bench.accuracy import Accuracy
from edge.bench.accuracy.evaluate import evaluate, open_dataset
from edge.errors import InputError
from tests.support.models import colour_bundle, reader_bundle, theme_bundle, word_bundle


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    colour_bundle(folder / "colour.edge")
    theme_bundle(folder / "theme.edge")
    reader_bundle(folder / "reader.edge")
    word_bundle(folder / "word.edge")
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("red", "lime", "blue"):
        Image.new("RGB", (9, 9), name).save(folder / f"{name}.png")
    return folder


def evaluated(bundle: Path, dataset: Path, *tags: str, batch: int = 1) -> Accuracy:
    with edge.load(bundle, threads=1) as model:
        found = evaluate(model, open_dataset(dataset, model.bundle, tags), batch)
    assert found is not None
    return found


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize(
    "table",
    [
        "file,label\nred.png,red\nlime.png,green\nblue.png,red\n",
        "wnid,file,index\nn1,red.png,0\nn2,lime.png,1\nn1,blue.png,0\n",
    ],
)
def test_labels_beside_images_by_name_or_number(bundles: Path, pictures: Path, table: str, batch: int) -> None:
    (pictures / "labels.csv").write_text(table)
    found = evaluated(bundles / "colour.edge", pictures, batch=batch)
    assert (found.inputs, found.failed, found.dataset) == (3, 0, "pictures")
    assert found.errors == (0, 0, 1)
    assert found.metrics == {"top1": pytest.approx(2 / 3)}
    assert Accuracy.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_a_folder_for_each_label(bundles: Path, tmp_path: Path) -> None:
    for label, colours in {"red": ["red", "blue"], "green": ["lime"]}.items():
        (tmp_path / "data" / label).mkdir(parents=True)
        for colour in colours:
            Image.new("RGB", (9, 9), colour).save(tmp_path / "data" / label / f"{colour}.png")
    (tmp_path / "data" / "red" / "notes.txt").write_text("no image")
    found = evaluated(bundles / "colour.edge", tmp_path / "data")
    assert found.errors == (0, 1, 0)  # green/lime, red/blue, red/red


def test_an_image_that_cannot_be_read_counts_as_wrong(bundles: Path, pictures: Path) -> None:
    (pictures / "lime.png").write_bytes(b"no image")
    (pictures / "labels.csv").write_text("file,label\nred.png,red\nlime.png,green\n")
    found = evaluated(bundles / "colour.edge", pictures)
    assert (found.failed, found.errors, found.metrics) == (1, (0, 1), {"top1": 0.5})


@pytest.mark.parametrize(
    "table",
    [
        'label\ttext_a\nred\tred red blue\ngreen\tsay "blue\n',
        'red red blue\tred\nsay "blue\tgreen\n',
        'red red blue\t0\r\nsay "blue\t1\r\n\r\n',
    ],
)
def test_texts_and_labels_in_either_order(bundles: Path, tmp_path: Path, table: str) -> None:
    (tmp_path / "texts.tsv").write_text(table, newline="")
    found = evaluated(bundles / "theme.edge", tmp_path / "texts.tsv", batch=2)
    assert found.errors == (0, 1)


def test_texts_that_images_show(bundles: Path, pictures: Path) -> None:
    entries = [
        {"file": "red.png", "text": "red", "tags": ["word"], "language": "en"},
        {"file": "lime.png", "text": "greed", "tags": ["word"], "language": "en"},
        {"file": "blue.png", "text": "blau", "tags": ["word", "tiny"], "language": "de"},
    ]
    (pictures / "ground_truth.json").write_text(json.dumps(entries))
    found = evaluated(bundles / "reader.edge", pictures, batch=2)
    assert found.errors == (0, 1, 2)
    assert found.lengths == (3, 5, 4)
    assert found.metrics == {"exact_match": pytest.approx(1 / 3), "cer": pytest.approx(3 / 12)}
    assert evaluated(bundles / "reader.edge", pictures, "word", "en").errors == (0, 1)
    assert evaluated(bundles / "reader.edge", pictures, "tiny").errors == (2,)
    with pytest.raises(InputError, match="no examples with word, fr"):
        evaluated(bundles / "reader.edge", pictures, "word", "fr")


def test_part_of_a_dataset_is_no_accuracy(bundles: Path, pictures: Path) -> None:
    (pictures / "labels.csv").write_text("file,label\nred.png,red\nlime.png,green\n")
    asked = iter((False, True))
    with edge.load(bundles / "colour.edge", threads=1) as model:
        assert evaluate(model, open_dataset(pictures, model.bundle), 1, lambda: next(asked)) is None


def test_the_digest_follows_names_truths_and_files(bundles: Path, pictures: Path) -> None:
    def digest(table: str) -> str:
        (pictures / "labels.csv").write_text(table)
        with edge.load(bundles / "colour.edge", threads=1) as model:
            return open_dataset(pictures, model.bundle).digest

    first = digest("file,label\nred.png,red\n")
    assert digest("label,file\nred,red.png\n") == first
    assert digest("file,label\nred.png,blue\n") != first
    (pictures / "red.png").write_bytes((pictures / "red.png").read_bytes() + b"x")
    assert digest("file,label\nred.png,red\n") != first


@pytest.mark.parametrize(
    ("name", "files", "says"),
    [
        ("colour", {}, "no folders with the names"),
        ("colour", {"labels.csv": "file,label\nno.png,red\n"}, r"lacks no\.png"),
        ("colour", {"labels.csv": "file,label\nred.png,pink\n"}, "no column"),
        ("colour", {"labels.csv": "file,index\nred.png,3\n"}, "no column"),
        ("colour", {"labels.csv": "name,label\nred.png,red\n"}, "a column 'file'"),
        ("colour", {"labels.csv": "file,label\nred.png\n"}, "a column 'file'"),
        ("colour", {"labels.csv": "file,label\nred.png,red,more\n"}, "a column 'file'"),
        ("colour", {"labels.csv": 'file,label\n"red.png"x,red\n'}, "no table"),
        ("colour", {"labels.csv": ""}, "a column 'file'"),
        ("colour", {"labels.csv": b"\xff\xfe"}, "cannot be read"),
        ("reader", {}, "cannot be read"),
        ("reader", {"ground_truth.json": "{"}, "no list of objects"),
        ("reader", {"ground_truth.json": "[1]"}, "no list of objects"),
        ("reader", {"ground_truth.json": '[{"file": "red.png"}]'}, "no list of objects"),
        ("reader", {"ground_truth.json": '[{"file": "red.png", "text": 1}]'}, "no list of objects"),
        ("reader", {"ground_truth.json": '[{"file": "red.png", "text": "", "tags": 1}]'}, "no list of objects"),
        ("reader", {"ground_truth.json": "[]"}, "no examples"),
        ("theme", {}, "cannot be read"),
        ("word", {}, "no measure of accuracy"),
    ],
)
def test_a_dataset_that_cannot_be_used_is_one_line(
    bundles: Path, pictures: Path, name: str, files: dict[str, str | bytes], says: str
) -> None:
    for file, content in files.items():
        (pictures / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=says) as caught:
        evaluated(bundles / f"{name}.edge", pictures)
    assert caught.value.remedy
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("table", "says"),
    [("", "no table"), ("red\n", "no table"), ("a\tpink\n", "no column"), ("text\tlabel\n", "no column")],
)
def test_a_table_of_texts_that_cannot_be_used(bundles: Path, tmp_path: Path, table: str, says: str) -> None:
    (tmp_path / "texts.tsv").write_text(table)
    with pytest.raises(InputError, match=says):
        evaluated(bundles / "theme.edge", tmp_path / "texts.tsv")


def test_tags_go_with_datasets_that_have_them(bundles: Path, pictures: Path) -> None:
    with pytest.raises(InputError, match="no tags"):
        evaluated(bundles / "colour.edge", pictures, "line")
