from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.errors import SourceError
from packager.hub import config
from packager.hub.config import ModelConfig, read_config
from packager.hub.reading import parse_object


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "config.json"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_type_and_architectures_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, '{"model_type": "bert", "architectures": ["BertModel"]}')
    assert read_config(path) == ModelConfig("bert", ("BertModel",), ())


def test_code_of_the_repository_is_noted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = '{"model_type": "new", "auto_map": {"AutoModel": "modeling_new.NewModel", "AutoConfig": "conf.NewConfig"}}'
    with caplog.at_level(logging.WARNING):
        found = read_config(written(tmp_path, text))
    assert found.code == ("conf.NewConfig", "modeling_new.NewModel")
    assert "modeling_new.NewModel" in caplog.text
    assert "not executed" in caplog.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        ('{"model_type": "bert"', "is not JSON"),
        (b"\xff\xfe{}", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"model_type": "bert", "model_type": "vit"}', "a key is given twice"),
        ('["bert"]', "holds no JSON object"),
        ("{}", "names no model_type"),
        ('{"model_type": 3}', "names no model_type"),
        ('{"model_type": "a\\nb"}', "names no model_type"),
    ],
)
def test_a_broken_config_is_one_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read_config(written(tmp_path, text))
    assert "\n" not in caught.value.message
    assert caught.value.remedy


def test_a_huge_config_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "CONFIG_BYTES", 10)
    with pytest.raises(SourceError, match="larger than the 10 bytes"):
        read_config(written(tmp_path, '{"model_type": "bert"}'))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_one_line(data: bytes) -> None:
    try:
        parse_object(data, "x")
        message = "an object"
    except SourceError as error:
        message = error.message
    assert len(message.splitlines()) == 1
