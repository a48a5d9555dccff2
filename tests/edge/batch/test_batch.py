from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.support.batches import ONE, batch, grey, records
from tests.support.bundles import FIXTURE


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    grey(tmp_path / "in", [0.0, 0.1, 0.2, 0.1, 0.0])
    (tmp_path / "in" / "002.png").write_bytes(b"")
    return tmp_path / "in"


def test_every_input_has_one_record_in_order(bundles: Path, photos: Path, tmp_path: Path) -> None:
    first = photos / "000.png"
    done = batch(bundles / "colour.edge", first, photos, first, tmp_path / "none.png", "-o", tmp_path / "out.jsonl")
    assert done.returncode == 2, done.stderr
    found = records(tmp_path / "out.jsonl")
    assert [one["input"] for one in found] == [*map(str, sorted(photos.iterdir())), str(tmp_path / "none.png")]
    assert [one["status"] for one in found] == ["ok", "ok", "error", "ok", "ok", "error"]
    assert [set(one) for one in found] == [
        {"input", "status", "result" if one["status"] == "ok" else "error"} for one in found
    ]
    assert found[0]["result"]["labels"][0] == "red"
    assert "002.png is empty" in found[2]["error"]
    assert "none.png does not exist" in found[5]["error"]
    assert "6 inputs, 2 failed, 6 read" in done.stdout
    assert not done.stderr
    assert {one.name for one in tmp_path.iterdir()} == {"in", "out.jsonl"}


def test_workers_chunks_and_streaming_change_no_record(bundles: Path, photos: Path, tmp_path: Path) -> None:
    outputs = []
    for name, options in {
        "one": ONE,
        "two": ("--workers", "2", "--chunk", "1"),
        "streamed": ("--workers", "2", "--chunk", "2", "--streamed"),
    }.items():
        assert batch(bundles / "colour.edge", photos, "-o", tmp_path / name, *options).returncode == 2
        outputs.append(sorted((tmp_path / name).read_bytes().splitlines()))
    assert outputs[0] == outputs[1] == outputs[2]
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_texts_are_read_line_by_line(bundles: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("first\n\nthird\n", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes("caf\u00e9\n".encode("latin-1"))
    assert batch(bundles / "word.edge", tmp_path, "-o", tmp_path / "out", *ONE, "--chunk", "2").returncode == 2
    found = records(tmp_path / "out")
    assert [Path(one["input"]).name for one in found] == ["a.txt:1", "a.txt:2", "a.txt:3", "b.txt"]
    assert len(found[2]["result"]["vector"]) == 4
    assert "not UTF-8" in found[3]["error"]


def test_records_of_tensors_hold_their_values(tmp_path: Path) -> None:
    x = np.arange(8, dtype=np.float32).reshape(2, 4)
    ids = np.full((2, 3), 7)
    np.savez(tmp_path / "one.npz", x=x, ids=ids, mask=np.ones_like(ids))
    options = ("--engine", "onnxruntime", *ONE)
    assert batch(FIXTURE, tmp_path, "-o", tmp_path / "out", *options).returncode == 0
    arrays = records(tmp_path / "out")[0]["result"]["arrays"]
    assert (arrays["y"]["dtype"], arrays["y"]["shape"]) == ("float32", [2, 3])
    np.testing.assert_allclose(arrays["y"]["values"], x @ (np.arange(12, dtype=np.float32).reshape(4, 3) / 4))
    assert arrays["s"]["values"] == [[7.0] * 3] * 2


def test_the_summary_may_be_json(bundles: Path, photos: Path, tmp_path: Path) -> None:
    done = batch(bundles / "colour.edge", photos, "-o", tmp_path / "out", "--json", *ONE)
    found = json.loads(done.stdout)
    assert (found["inputs"], found["records"], found["failed"], found["read"], found["stopped"]) == (5, 5, 1, 5, 0)


def test_what_is_finished_is_not_read_again(bundles: Path, photos: Path, tmp_path: Path) -> None:
    arguments = (bundles / "colour.edge", photos, "-o", tmp_path / "out", *ONE)
    batch(*arguments)
    before = (tmp_path / "out").read_bytes()
    done = batch(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "exists" in done.stderr
    done = batch(*arguments, "--resume")
    assert (done.returncode, done.stderr) == (2, "")
    assert "5 inputs, 1 failed, 0 read" in done.stdout
    grey(photos / "more", [0.1])
    done = batch(*arguments, "--resume")
    assert done.returncode == 2
    assert "is finished, and has other inputs" in done.stderr
    assert (tmp_path / "out").read_bytes() == before
    assert batch(*arguments, "--force").returncode == 2
    assert len(records(tmp_path / "out")) == 6


@pytest.mark.parametrize(
    ("name", "arguments", "code", "says"),
    [
        ("colour.edge", ["{here}", "-o", "{here}/none/out"], 2, "no folder"),
        ("colour.edge", ["-", "-o", "{here}/out"], 2, "standard input"),
        ("colour.edge", ["{here}", "-o", "{here}/out", "--memory", "much"], 2, "no amount of memory"),
        ("colour.edge", ["{here}", "-o", "{here}/out", "--memory", "10MB"], 2, "--memory more"),
        ("colour.edge", ["{here}", "-o", "{here}/out", "--memory", "600MB", "--workers", "9"], 2, "fewer --workers"),
        ("colour.edge", ["{here}", "-o", "{here}/out", "--engine", "tensorrt"], 2, "tensorrt"),
        ("none.edge", ["{here}", "-o", "{here}/out"], 2, "no such bundle"),
    ],
)
def test_bad_usage_is_one_line_and_leaves_nothing(
    bundles: Path, tmp_path: Path, name: str, arguments: list[str], code: int, says: str
) -> None:
    done = batch(bundles / name, *(one.format(here=tmp_path) for one in arguments))
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_damaged_bundle_is_found_before_anything_is_read(bundles: Path, photos: Path, tmp_path: Path) -> None:
    damaged = Path(shutil.copytree(bundles / "colour.edge", tmp_path / "damaged.edge"))
    content = bytearray((damaged / "network.onnx").read_bytes())
    content[50] ^= 1
    (damaged / "network.onnx").write_bytes(content)
    done = batch(damaged, photos, "-o", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert "network.onnx" in done.stderr
    assert not list(tmp_path.glob("out*"))
