from __future__ import annotations

import collections
import os
import pickle
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packager.errors import SourceError
from packager.hub import pickle_scan
from packager.hub.weights import check_weights


class Evil:
    """Creates the file `ran` when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.folder / 'ran'}",)


def zipped(path: Path, data: bytes, *, name: str = "archive/data.pkl", others: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for record, content in ({name: data} | (others or {"archive/version": b"3\n"})).items():
            archive.writestr(record, content)
    return path


def refused(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        check_weights(path)
    assert "\n" not in caught.value.message
    assert caught.value.remedy
    return caught.value.message


def test_what_torch_saves_passes_and_its_old_format_does_not(tmp_path: Path) -> None:
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    path = tmp_path / "pytorch_model.bin"
    extra = {"half": torch.ones(2).half(), "brain": torch.ones(2).bfloat16(), "p": torch.nn.Parameter(torch.ones(1))}
    torch.save(collections.OrderedDict(model.state_dict() | extra), path)
    check_weights(path)
    torch.save(model.state_dict(), path, _use_new_zipfile_serialization=False)
    assert "torch's old format" in refused(path)
    torch.save(model, path)
    assert "would run 'torch.nn.modules.container Sequential'" in refused(path)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("is_zip", [True, False])
def test_code_in_a_pickle_is_named_and_does_not_run(tmp_path: Path, protocol: int, is_zip: bool) -> None:
    path = tmp_path / "pytorch_model.bin"
    data = pickle.dumps({"weight": Evil(tmp_path)}, protocol)
    if is_zip:
        zipped(path, data)
    else:
        path.write_bytes(data)
    message = refused(path)
    assert "would run" in message
    assert "posix system" in message
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "code",
    [
        b"cbuiltins\neval\n.",
        b"ctorch\nload\n.",
        b"ctorch.storage\n_load_from_bytes\n.",
        b"(S'id'\nios\nsystem\n.",
        b"(cos\nsystem\nS'id'\no.",
        b"\x82\x01.",
        b"Pevil\n.",
        b"\x8c\x02os\x8c\x06system\x93.",
        b"ccollections\nOrderedDict.evil\n.",
    ],
)
def test_every_way_to_name_a_callable_is_refused(tmp_path: Path, code: bytes) -> None:
    assert "would run" in refused(zipped(tmp_path / "m.bin", code))


def test_a_broken_pickle_is_told(tmp_path: Path) -> None:
    assert "broken pickle" in refused(zipped(tmp_path / "m.bin", b"\x80\x02}q"))


@pytest.mark.parametrize(
    ("name", "others", "message"),
    [
        ("archive/other", None, "exactly one data.pkl"),
        ("archive/data.pkl", {"archive/constants.pkl": b""}, "exactly one data.pkl"),
        ("archive/data.pkl", {"archive/code/model.py": b""}, "exactly one data.pkl"),
        ("a/b/data.pkl", None, "exactly one data.pkl"),
        ("archive/data.pkl", {"elsewhere/0": b""}, "does not write"),
    ],
)
def test_other_archives_are_refused(tmp_path: Path, name: str, others: dict[str, bytes] | None, message: str) -> None:
    assert message in refused(zipped(tmp_path / "m.bin", pickle.dumps({}, 2), name=name, others=others))


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_two_records_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.bin", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}, 2))
        archive.writestr("archive/data/0", b"")
        archive.writestr("archive/data/0", b"")
    assert "does not write" in refused(tmp_path / "m.bin")


def test_a_zip_bomb_is_not_inflated(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m.bin", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(10_000_000))
    assert "compressed records" in refused(tmp_path / "m.bin")


def test_a_huge_pickle_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle_scan, "MOST_PICKLE_BYTES", 4)
    assert "data.pkl of" in refused(zipped(tmp_path / "m.bin", pickle.dumps({}, 2)))


@given(st.binary(max_size=100))
def test_any_bytes_are_refused_in_one_line(tmp_path_factory: pytest.TempPathFactory, tail: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    for head in (b"", b"PK\x03\x04"):
        path.write_bytes(head + tail)
        refused(path)
