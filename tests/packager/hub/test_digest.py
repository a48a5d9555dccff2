from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from edge.manifest import FileEntry
from packager.errors import SourceError
from packager.hub.digest import digest_all, digest_file


def test_a_file_is_digested_in_pieces(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    (tmp_path / "f").write_bytes(data)
    assert digest_file(tmp_path / "f", "x/f") == FileEntry(
        path="x/f", size=len(data), sha256=hashlib.sha256(data).hexdigest()
    )


def test_the_whole_digest_depends_on_every_field_and_not_on_order() -> None:
    one, two = FileEntry(path="a", size=1, sha256="0" * 64), FileEntry(path="b", size=2, sha256="1" * 64)
    changed = [
        FileEntry(path="c", size=2, sha256="1" * 64),
        FileEntry(path="b", size=3, sha256="1" * 64),
        FileEntry(path="b", size=2, sha256="2" * 64),
    ]
    assert digest_all([one, two]) == digest_all([two, one])
    assert len({digest_all([one, other]) for other in [two, *changed]}) == 4


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        digest_file(tmp_path / "gone", "gone")
