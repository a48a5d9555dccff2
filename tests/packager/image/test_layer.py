from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import InputError
from packager.image.entry import FILE, PROGRAM, Entry, entries_under
from packager.image.layer import write_layer

ENTRIES = (
    Entry(path="usr/bin/tool", mode=PROGRAM, part="tool", content=b"run"),
    Entry(path="usr/share/text", mode=FILE, part="tool", content=b"words" * 1000),
    Entry(path="usr/share/name-" + "n" * 120, mode=FILE, part="names", content=b"long"),
    Entry(path="lib", mode=0o777, part="base", link="usr/lib"),
    Entry(path="tmp", mode=0o1777, part="base"),
)


def plain(layer: Path, compression: str) -> bytes:
    data = layer.read_bytes()
    if compression == "gzip":
        return gzip.decompress(data)
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_layer_is_a_compressed_tar_with_both_digests(tmp_path: Path, compression: str) -> None:
    layer = write_layer(ENTRIES, tmp_path / "layer", compression, epoch=77, created_by="me")
    packed = layer.file.read_bytes()
    data = plain(layer.file, compression)
    assert layer.digest == f"sha256:{hashlib.sha256(packed).hexdigest()}"
    assert layer.diff_id == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert (layer.size, layer.unpacked) == (len(packed), len(data))
    assert layer.parts == {"names": 4, "tool": 5003}
    assert layer.media_type.endswith(compression)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        members = {one.name: one for one in tar}
        assert list(members) == sorted(members, key=lambda name: name.split("/"))
        assert {"usr", "usr/bin", "usr/share"} < set(members)
        assert all((one.uid, one.gid, one.uname, one.mtime) == (0, 0, "", 77) for one in members.values())
        assert (members["lib"].linkname, members["tmp"].mode) == ("usr/lib", 0o1777)
        assert (members["usr/bin/tool"].mode, members["usr"].mode) == (0o755, 0o755)
        file = tar.extractfile("usr/share/text")
        assert file is not None
        assert file.read() == b"words" * 1000


@given(st.permutations(ENTRIES))
def test_the_order_of_entries_does_not_matter(entries: list[Entry]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        layers = [
            write_layer(some, Path(folder) / "layer", "gzip", epoch=0, created_by="") for some in (entries, ENTRIES)
        ]
    assert layers[0] == layers[1]


@contextmanager
def other_host(folder: Path) -> Iterator[None]:
    """Another umask, time zone and working folder."""
    mask, zone, here = os.umask(0o077), os.environ.get("TZ"), Path.cwd()
    os.environ["TZ"] = "Pacific/Chatham"
    time.tzset()
    os.chdir(folder)
    try:
        yield
    finally:
        os.umask(mask)
        os.chdir(here)
        if zone is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = zone
        time.tzset()


def test_another_host_makes_the_same_bytes(tmp_path: Path) -> None:
    def made(number: int) -> str:
        tree = tmp_path / str(number)
        for name in ("b/two", "a/one", "c") if number else ("a/one", "c", "b/two"):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(name)
        (tree / "c").chmod(0o755 if number else 0o700)
        entries = entries_under(tree, "bundles/x", "bundle")
        return write_layer(entries, tmp_path / f"{number}.layer", "gzip", epoch=0, created_by="").digest

    first = made(0)
    with other_host(tmp_path):
        assert made(1) == first


def test_of_two_entries_with_one_path_the_later_wins(tmp_path: Path) -> None:
    entries = [Entry(path="x", mode=FILE, part="a", content=letter) for letter in (b"1", b"2")]
    write_layer(entries, tmp_path / "layer", "gzip", epoch=0, created_by="")
    with tarfile.open(tmp_path / "layer") as tar:
        (member,) = tar.getmembers()
        file = tar.extractfile(member)
        assert file is not None
        assert file.read() == b"2"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="neither a file, a folder nor a link"):
        list(entries_under(tmp_path, "x", "x"))
