from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from edge import cli
from edge.cli import application
from edge.cli.output import Output
from edge.gather import Outcome
from edge.results import Tensors
from tests.support.bundles import FIXTURE
from tests.support.models import COLOURS, box_bundle, colour_bundle, tag_bundle, word_bundle


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    colour_bundle(folder / "colour.edge")
    word_bundle(folder / "word.edge")
    box_bundle(folder / "boxes.edge")
    tag_bundle(folder / "tag.edge")
    return folder


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    (folder / "inner").mkdir(parents=True)
    for number, colour in enumerate(COLOURS):
        made = Image.new("RGB", (9, 9), {"green": "lime"}.get(colour, colour))
        made.save(folder / ("inner" if number == 1 else "") / f"{number}.{'PNG' if number else 'jpg'}")
    (folder / "notes.md").write_text("no image")
    return folder


def edge(*arguments: str | Path) -> int:
    return application.run(cli.group, "edge", [str(one) for one in arguments])


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_folder_is_done_recursively_in_order(bundles: Path, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert edge("run", bundles / "colour.edge", photos, "--json", "--threads", "1") == 0
    results = said(capsys)
    assert [Path(str(one["input"])).name for one in results] == ["0.jpg", "2.PNG", "1.PNG"]
    assert [one["labels"][0] for one in results] == ["red", "blue", "green"]
    assert all("timings" not in one for one in results)


def test_labels_are_printed_with_their_scores(bundles: Path, photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert edge("run", bundles / "colour.edge", photos / "0.jpg", "--top-k", "3", "--time") == 0
    name, *lines, times = capsys.readouterr().out.splitlines()
    assert name == str(photos / "0.jpg")
    assert sorted(line.split()[1] for line in lines) == sorted(COLOURS)
    assert lines[0].split()[1] == "red"
    assert float(lines[0].split()[0]) > 0.5
    assert all(stage in times for stage in ("decode", "preprocess", "engine", "postprocess"))


def test_one_bad_input_does_not_stop_the_others(
    bundles: Path, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photos / "1-bad.png").write_bytes(b"")
    arguments: list[str | Path] = [photos / "nothing.png", photos, "--batch", "2", "--json"]
    assert edge("run", bundles / "colour.edge", *arguments) == 2
    captured = capsys.readouterr()
    complaints = captured.err.splitlines()
    assert len(complaints) == 2
    assert "nothing.png does not exist" in complaints[0]
    assert "1-bad.png is empty" in complaints[1]
    results = [json.loads(line) for line in captured.out.splitlines()]
    assert ["error" in one for one in results] == [True, False, True, False, False]


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("colour.edge", ["--text", "hello"], "--text goes with text models"),
        ("colour.edge", ["{here}"], "has no .jpg"),
        ("word.edge", ["photo.jpg"], "no .txt file"),
        ("word.edge", ["nothing.txt"], "cannot be read"),
        ("word.edge", ["{here}/empty.txt"], "is empty"),
        ("word.edge", ["{here}/latin.txt"], "not UTF-8"),
        ("colour.edge", ["x.jpg", "--threads", "0"], "0 threads"),
        ("colour.edge", ["x.jpg", "--threads", "100000"], "100000 threads"),
        ("colour.edge", ["x.jpg", "--batch", "0"], "batch of 0"),
        ("colour.edge", ["x.jpg", "--top-k", "0"], "no top 0"),
        ("colour.edge", ["x.jpg", "--engine", "tensorrt"], "tensorrt"),
        ("colour.edge", ["x.jpg", "--output", "x.csv"], ".npy or .npz"),
        ("colour.edge", ["x.jpg", "--output", "{here}/empty.npy"], "exists"),
        ("colour.edge", ["x.jpg", "--output", "{here}/none/x.npy"], "no folder"),
        ("nothing.edge", ["x.jpg"], "no such bundle"),
        ("colour.edge", [], "nothing to run"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(
    bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, arguments: list[str], says: str
) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "empty.npy").touch()
    (tmp_path / "latin.txt").write_bytes("caf\u00e9\n".encode("latin-1"))
    assert edge("run", bundles / name, *(one.format(here=tmp_path) for one in arguments)) == 2
    captured = capsys.readouterr()
    assert not captured.out
    assert says in captured.err
    assert "Traceback" not in captured.err


def test_texts_come_from_options_and_files(bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("first\n\nthird", encoding="utf-8-sig")
    assert edge("run", bundles / "word.edge", tmp_path / "a.txt", "--text", "first", "--json", "--batch", "3") == 0
    results = said(capsys)
    assert [one["input"] for one in results] == ["text 1", *(f"{tmp_path / 'a.txt'}:{n}" for n in (1, 2, 3))]
    np.testing.assert_allclose(results[0]["vector"], results[1]["vector"], rtol=1e-5)


def test_entities_are_printed_with_their_places(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ["--text", "Ada Lovelace saw London", "--text", "nobody"]
    assert edge("run", bundles / "tag.edge", *texts) == 0
    first, person, place, second = capsys.readouterr().out.splitlines()
    assert (first, second) == ("text 1", "text 2")
    assert person.split()[1:] == ["PER", "0:12", "Ada", "Lovelace"]
    assert place.split()[1:] == ["LOC", "17:23", "London"]
    assert edge("run", bundles / "tag.edge", *texts, "--json") == 0
    result, empty = said(capsys)
    assert [one["text"] for one in result["entities"]] == ["Ada Lovelace", "London"]
    assert [one["label"] for one in result["tokens"]] == ["B-PER", "I-PER", "I-PER", "O", "I-LOC"]
    assert (empty["entities"], len(empty["tokens"])) == ([], 1)


def test_texts_before_a_line_that_is_not_utf_8_are_run(
    bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\ncaf\xe9\nfour\n")
    assert edge("run", bundles / "word.edge", tmp_path / "a.txt", "--json") == 2
    captured = capsys.readouterr()
    assert f"{tmp_path / 'a.txt'}:3 is not UTF-8 text" in captured.err
    results = [json.loads(line) for line in captured.out.splitlines()]
    assert ["error" in one for one in results] == [False, False, True]


def test_a_line_that_has_no_end_is_not_read_to_it(bundles: Path, tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(1 << 40)
    assert edge("run", bundles / "word.edge", tmp_path / "a.txt") == 2


def test_embeddings_are_written(bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("x.npy", "x.npz"):
        out = tmp_path / name
        arguments: list[str | Path] = [bundles / "word.edge", "--text", "one", "--text", "two", "--output", out]
        assert edge("run", *arguments) == 0
        assert not capsys.readouterr().out
        before = out.read_bytes()
        assert edge("run", *arguments) == 2
        assert "--force" in capsys.readouterr().err
        assert out.read_bytes() == before
        assert edge("run", *arguments, "--force") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.npy", "x.npz"]
    vectors = np.load(tmp_path / "x.npy")
    assert vectors.shape == (2, 4)
    assert vectors.dtype == np.float32
    with np.load(tmp_path / "x.npz") as archive:
        np.testing.assert_array_equal(archive["vectors"], vectors)
        assert archive["names"].tolist() == ["text 1", "text 2"]


def test_tensors_go_in_and_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ones = np.ones((2, 2), np.int64)
    np.savez(tmp_path / "in.npz", x=np.eye(4, dtype=np.float32)[:2], ids=ones, mask=ones)
    assert edge("run", FIXTURE, tmp_path / "in.npz", "--engine", "onnxruntime", "--output", tmp_path / "out.npz") == 0
    with np.load(tmp_path / "out.npz") as archive:
        np.testing.assert_array_equal(archive["s"], np.ones((2, 2)))
    assert edge("run", FIXTURE, tmp_path / "in.npz", "--engine", "onnxruntime", "--output", tmp_path / "out.npy") == 2
    assert "need an .npz" in capsys.readouterr().err
    assert edge("run", FIXTURE, *[tmp_path / "in.npz"] * 2, "--output", tmp_path / "out.npz", "--force") == 2
    assert "tensors of several inputs" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.npz", "out.npz"]


def test_labels_do_not_go_into_a_file_which_is_said_at_the_first(
    bundles: Path, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photos / "3.png").write_bytes(b"")
    assert edge("run", bundles / "colour.edge", photos, "--output", tmp_path / "out.npy") == 2
    said = capsys.readouterr().err
    assert "labels do not go into one file" in said
    assert "3.png" not in said
    assert not (tmp_path / "out.npy").exists()


@pytest.mark.parametrize("name", ["out.npy", "out.npz"])
def test_an_output_may_have_any_name(tmp_path: Path, name: str) -> None:
    output = Output(tmp_path / name, force=False)
    output.keep(Outcome("x", Tensors({"file": np.arange(3)})))
    output.finish()
    found = np.load(tmp_path / name)
    np.testing.assert_array_equal(found["file"] if name == "out.npz" else found, [0, 1, 2])


def test_a_file_name_that_is_not_utf_8_is_printed_all_the_same(bundles: Path, tmp_path: Path) -> None:
    photo = os.fsencode(tmp_path) + b"/\xff.png"
    Image.new("RGB", (4, 4), "blue").save(photo, "PNG")
    start = "from edge.cli import main; main()"
    command: list[str | bytes | Path] = [sys.executable, "-c", start, "run", bundles / "colour.edge", photo]
    strict = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    for option in ("--json", "--time"):
        done = subprocess.run([*command, option], capture_output=True, check=False, env=strict)
        assert (done.returncode, done.stderr) == (0, b"")
        if option == "--json":
            assert os.fsencode(json.loads(done.stdout)["input"]) == photo


@pytest.mark.parametrize("name", ["colour.edge", "word.edge"])
def test_standard_input_is_an_image_or_texts(bundles: Path, name: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "blue").save(file, "PNG")
    sent = file.getvalue() if name == "colour.edge" else b"one\ntwo\n"
    start = "from edge.cli import main; main()"
    command = [sys.executable, "-c", start, "run", str(bundles / name), "-", "--json"]
    done = subprocess.run(command, input=sent, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["input"] for one in results] == (["-"] if name == "colour.edge" else ["-:1", "-:2"])
    assert results[0].get("labels", ["blue"])[0] == "blue"


def test_a_disk_that_is_full_leaves_nothing(
    bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    assert edge("run", bundles / "word.edge", "--text", "one", "--output", tmp_path / "x.npy") == 3
    assert "No space left on device" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_names_cannot_steer_the_terminal(bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a\x1b[2Jb.png"
    Image.new("RGB", (4, 4)).save(path)
    assert edge("run", bundles / "colour.edge", path) == 0
    (tmp_path / "c\nd.png").write_bytes(b"")
    assert edge("run", bundles / "colour.edge", tmp_path / "c\nd.png") == 2
    captured = capsys.readouterr()
    assert "\x1b" not in captured.out
    assert captured.err.count("\n") == 1


def test_boxes_are_shown_in_pixels(bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("RGB", (30, 20), "red").save(tmp_path / "red.png")
    assert edge("run", bundles / "boxes.edge", tmp_path / "red.png") == 0
    assert "1.0000 red 0 0 30 10" in capsys.readouterr().out
