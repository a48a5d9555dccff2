from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.errors import SourceError
from packager.hub.address import Repository, check_revision, parse

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("source", "revision", "expected"),
    [
        ("org/name", None, Repository("org/name", "main")),
        ("org/name", "v1.0", Repository("org/name", "v1.0")),
        ("hf://org/name", None, Repository("org/name", "main")),
        (f"hf://org/name@{COMMIT}", None, Repository("org/name", COMMIT)),
        ("org/name@refs/pr/3", None, Repository("org/name", "refs/pr/3")),
        ("hf://org/name@v1", "v1", Repository("org/name", "v1")),
        ("hf://gpt2", None, Repository("gpt2", "main")),
    ],
)
def test_hub_names(source: str, revision: str | None, expected: Repository) -> None:
    assert parse(source, revision) == expected


@pytest.mark.parametrize("source", ["./org/name", "../x", "/nowhere/model", "."])
def test_these_are_always_paths(source: str) -> None:
    assert parse(source, None) == Path(source)


def test_home_is_expanded() -> None:
    assert parse("~/model", None) == Path("~/model").expanduser()


def test_a_path_that_exists_wins_over_a_hub_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "org/name").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert parse("org/name", None) == Path("org/name")
    assert parse("hf://org/name", None) == Repository("org/name", "main")


def test_a_mistyped_folder_is_not_looked_for_on_a_hub() -> None:
    with pytest.raises(SourceError, match="there is no folder or file 'my-model'") as caught:
        parse("my-model", None)
    assert "hf://my-model" in caught.value.remedy


def test_two_revisions_are_one_too_many() -> None:
    with pytest.raises(SourceError, match="two revisions"):
        parse("hf://org/name@v1", "v2")


@pytest.mark.parametrize("revision", ["../main", "a/../b", "-x", ".hidden", "a b", "a\nb", "a//b", "x" * 201, "a/.git"])
def test_a_revision_cannot_walk_through_the_cache(revision: str) -> None:
    with pytest.raises(SourceError, match="cannot be a revision"):
        check_revision(revision)


@given(st.text(max_size=30))
def test_whatever_is_accepted_stays_below_refs(revision: str) -> None:
    try:
        accepted = check_revision(revision)
    except SourceError:
        return
    assert (Path("/cache/refs") / accepted).resolve().is_relative_to("/cache/refs")


@pytest.mark.parametrize("source", ["", "a\0b"])
def test_nothing_is_no_source(source: str) -> None:
    with pytest.raises(SourceError, match="empty"):
        parse(source, None)
