from __future__ import annotations

import pytest

from packager.errors import SourceError
from packager.hub import paddle


def test_a_pair_of_any_name_is_found_with_its_licence() -> None:
    names = {"det.pdmodel", "det.pdiparams", "det.pdiparams.info", "LICENSE", "README.md", "other.txt"}
    assert paddle.is_paddle(names)
    assert paddle.files(names, "det") == ["LICENSE", "README.md", "det.pdiparams", "det.pdmodel"]


def test_a_pair_of_paddle_3_is_found_among_other_json_files() -> None:
    names = {"inference.json", "inference.pdiparams", "inference.yml", "config.json"}
    assert paddle.is_paddle(names)
    assert paddle.is_paddle3(names)
    assert paddle.files(names, "det") == ["inference.json", "inference.pdiparams", "inference.yml"]


def test_the_older_format_is_taken_where_there_are_both() -> None:
    names = {"inference.json", "inference.pdmodel", "inference.pdiparams"}
    assert not paddle.is_paddle3(names)
    assert paddle.files(names, "det") == ["inference.pdiparams", "inference.pdmodel"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"a.pdmodel"}, r"a\.pdmodel without a\.pdiparams"),
        ({"a.pdmodel", "b.pdiparams"}, r"a\.pdmodel without a\.pdiparams"),
        ({"a.pdiparams"}, "no program beside its .pdiparams"),
        ({"a.pdiparams", "b.json"}, "no program beside its .pdiparams"),
        ({"a.pdmodel", "a.pdiparams", "b.pdmodel", "b.pdiparams"}, r"several programs: a\.pdmodel, b\.pdmodel"),
    ],
)
def test_an_incomplete_pair_is_told(names: set[str], message: str) -> None:
    with pytest.raises(SourceError, match=message):
        paddle.files(names, "the folder")


def test_a_transformers_folder_is_not_paddle() -> None:
    assert not paddle.is_paddle({"config.json", "model.safetensors", "sub/inference.pdmodel"})
