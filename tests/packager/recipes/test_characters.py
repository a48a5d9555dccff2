"""Each kind of source says its characters elsewhere; all end as the same file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from onnx import load, save

from edge.manifest import Licence, TensorSpec
from edge.tasks.ocr.options import Ctc
from packager.errors import SourceError
from packager.hub.digest import digest_file
from packager.hub.source import Kind, Source
from packager.recipes.characters import characters_file
from tests.support.onnx_models import words

CTC = Ctc(file="characters.txt", blank=0, space=True)
WANTED = ["a", "0", "\u3000", "\u2028", "汉"]


def file_of(
    source: Source, *, given: Path | None = None, classes: int | str = len(WANTED) + 2, ctc: Ctc = CTC
) -> list[str]:
    outputs = [TensorSpec(name="scores", dtype="float32", shape=("batch", "steps", classes))]
    data = characters_file(source, given, ctc, outputs, "recognise")
    return data.decode().removesuffix("\n").split("\n")


def source_of(kind: Kind, folder: Path) -> Source:
    files = tuple(digest_file(path, path.name) for path in sorted(folder.iterdir()))
    return Source(kind, "model", "0" * 64, folder, files, Licence(id="MIT", origin="stated"))


@pytest.mark.parametrize("kind", ["paddle", "paddle3"])
def test_of_a_paddle_model(kind: Kind, tmp_path: Path) -> None:
    """Digits need no quotes in YAML, and become numbers then."""
    listed = "".join(f"  - {json.dumps(one) if one != '0' else one}\n" for one in WANTED)
    (tmp_path / "inference.yml").write_text(f"PostProcess:\n  name: CTCLabelDecode\n  character_dict:\n{listed}")
    assert file_of(source_of(kind, tmp_path)) == WANTED


def test_of_an_onnx_file(tmp_path: Path) -> None:
    model = words()
    model.metadata_props.add(key="character", value="\n".join(WANTED))
    save(model, tmp_path / "rec.onnx")
    assert file_of(source_of("onnx", tmp_path)) == WANTED
    plain = load(tmp_path / "rec.onnx")
    del plain.metadata_props[:]
    save(plain, tmp_path / "rec.onnx")
    with pytest.raises(SourceError, match="does not say which characters"):
        file_of(source_of("onnx", tmp_path))


@pytest.mark.parametrize("kind", ["huggingface", "folder"])
def test_of_a_checkpoint(kind: Kind, tmp_path: Path) -> None:
    for blank in ("blank", "", "<ctc>"):
        said = {"character_list": [blank, *WANTED, " "]}
        (tmp_path / "preprocessor_config.json").write_text(json.dumps(said))
        assert file_of(source_of(kind, tmp_path)) == WANTED
    (tmp_path / "preprocessor_config.json").write_text(json.dumps({"character_list": WANTED}))
    assert file_of(source_of(kind, tmp_path)) == WANTED


def test_a_file_of_the_users_wins(tmp_path: Path) -> None:
    (tmp_path / "inference.yml").write_text("PostProcess:\n  character_dict: [x]\n")
    given = tmp_path / "own.txt"
    given.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(WANTED).encode() + b"\r\n")
    assert file_of(source_of("paddle", tmp_path), given=given) == WANTED


def test_without_a_space_the_network_has_one_class_less(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("a\nb\n")
    plain = Ctc(file="characters.txt", blank=0, space=False)
    assert file_of(source_of("paddle", tmp_path), given=tmp_path / "own.txt", classes=3, ctc=plain) == ["a", "b"]


def test_an_open_number_of_classes_fits_any(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("a\nb\n")
    assert file_of(source_of("paddle", tmp_path), given=tmp_path / "own.txt", classes="classes") == ["a", "b"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("", "does not say which characters"),
        ("PostProcess: 7", "does not say which characters"),
        ("PostProcess: {character_dict: [a, b]}", "the network tells 7 classes apart, model gives 4"),
        ("PostProcess: {character_dict: [a, [b]]}", "has list among its characters"),
        ("PostProcess: {character_dict: [a, '']}", "has '' among its characters"),
        ('PostProcess: {character_dict: ["a\\nb"]}', "among its characters"),
        ("PostProcess: {character_dict: [" + "x" * 99 + "]}", "among its characters"),
        ("a: [", "is no YAML"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(settings: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "inference.yml").write_text(settings)
    with pytest.raises(SourceError) as caught:
        file_of(source_of("paddle3", tmp_path))
    assert message in caught.value.message
    assert len(caught.value.message.splitlines()) == 1
    assert caught.value.remedy


def test_a_list_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    """Ten lists, each nine times the one before: a reader that prints it would need all memory."""
    lists = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 11)]
    (tmp_path / "inference.yml").write_text("\n".join([*lists, "PostProcess: {character_dict: *a10}"]))
    with pytest.raises(SourceError, match="has list among"):
        file_of(source_of("paddle", tmp_path))
