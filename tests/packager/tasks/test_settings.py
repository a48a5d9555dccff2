from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from packager.errors import SourceError
from packager.tasks.settings import Settings, read_settings


def test_a_missing_file_and_a_null_are_absent(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.json").values == {}
    (tmp_path / "some.json").write_text('{"a": null}')
    settings = read_settings(tmp_path / "some.json")
    assert settings.flag("a", default=True)
    assert settings.whole("a", 3) == 3
    assert settings.text("a", "x") == "x"
    assert settings.numbers("a", (1.0,)) == (1.0,)
    assert settings.inner("a").values == {}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("yes", lambda settings: settings.flag("a", default=False)),
        (True, lambda settings: settings.whole("a", 0)),
        ("3", lambda settings: settings.number("a", 0)),
        (float("inf"), lambda settings: settings.whole("a", 0)),
        ([1, "2"], lambda settings: settings.numbers("a", ())),
        (4, lambda settings: settings.text("a", "")),
        ([], lambda settings: settings.inner("a")),
    ],
)
def test_a_value_of_another_type_is_named(value: object, read: Callable[[Settings], object]) -> None:
    with pytest.raises(SourceError, match=r"config\.json: a is no "):
        read(Settings("config.json", {"a": value}))
