from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.batch.job import Job
from edge.batch.journal import Journal
from edge.batch.records import encode_record
from edge.errors import EnvironmentLackError, InputError
from tests.support.full_disk import full_disk

JOB = Job(bundle="a.edge", digest="d")
CHUNKS: list[list[dict[str, Any]]] = [
    [{"input": f"{chunk}-{one}\n \N{SNOWMAN}", "status": "ok", "result": {"text": "ü" * one}} for one in range(3)]
    for chunk in range(4)
]


def write(path: Path, chunks: list[list[dict[str, Any]]]) -> list[int]:
    """Where the journal ends after each chunk, the head before them included."""
    journal = Journal(path, JOB)
    ends = [path.stat().st_size]
    for chunk in chunks:
        journal.append(chunk)
        ends.append(path.stat().st_size)
    journal.close()
    return ends


def names(path: Path) -> list[str]:
    journal = Journal(path, JOB)
    journal.close()
    return list(journal.names)


def names_of(chunks: list[list[dict[str, Any]]]) -> list[str]:
    return [record["input"] for chunk in chunks for record in chunk]


def test_records_come_back_as_they_were_in_any_order(tmp_path: Path) -> None:
    write(tmp_path / "j", CHUNKS)
    journal = Journal(tmp_path / "j", JOB)
    records = [record for chunk in CHUNKS for record in chunk]
    assert list(journal.lines()) == [encode_record(record) for record in records]
    assert list(journal.lines(reversed(names_of(CHUNKS)))) == [encode_record(one) for one in reversed(records)]
    journal.remove()
    assert not list(tmp_path.iterdir())


@given(st.data())
def test_what_a_power_cut_leaves_is_every_chunk_that_was_kept(data: st.DataObject) -> None:
    """The disk has what was synced; of the rest it may have any part, in any state."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "j"
        ends = write(path, CHUNKS)
        whole = path.read_bytes()
        kept = data.draw(st.integers(0, len(CHUNKS)), "chunks that were kept")
        size = data.draw(st.integers(ends[kept], len(whole)), "size of the file")
        tail = bytearray(whole[ends[kept] : size])
        if tail:
            start = data.draw(st.integers(0, len(tail)), "lost from")
            end = data.draw(st.integers(start, len(tail)), "to")
            tail[start:end] = bytes(end - start)
        path.write_bytes(whole[: ends[kept]] + tail)
        found = names(path)
        assert found[: 3 * kept] == names_of(CHUNKS[:kept])
        assert found == names_of(CHUNKS)[: len(found)]
        assert len(found) % 3 == 0
        # And it goes on from there.
        rest = CHUNKS[len(found) // 3 :]
        write(path, rest)
        assert names(path) == names_of(CHUNKS)
        assert path.read_bytes() == whole


@given(st.integers(0, 400))
def test_a_journal_that_was_not_begun_begins(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "j"
        head = write(path, [])[0]
        whole = path.read_bytes()
        path.write_bytes(whole[: min(size, head)])
        assert names(path) == []
        assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (Job(bundle="a.edge", digest="e"), "another bundle"),
        (Job(bundle="a.edge", digest="d", batch=3, chunk=5), "another batch, chunk"),
    ],
)
def test_another_job_does_not_go_on(tmp_path: Path, other: Job, says: str) -> None:
    write(tmp_path / "j", CHUNKS)
    with pytest.raises(InputError, match=says):
        Journal(tmp_path / "j", other)
    assert names(tmp_path / "j") == names_of(CHUNKS)
    journal = Journal(tmp_path / "j", other, anew=True)
    assert not journal.names
    journal.close()


def test_the_bundle_may_lie_elsewhere(tmp_path: Path) -> None:
    write(tmp_path / "j", CHUNKS)
    journal = Journal(tmp_path / "j", Job(bundle="moved/a.edge", digest="d"))
    assert list(journal.names) == names_of(CHUNKS)
    journal.close()


def test_only_one_process_has_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", JOB)
    with pytest.raises(InputError, match="is in use"):
        Journal(tmp_path / "j", JOB, anew=True)
    journal.append(CHUNKS[0])
    journal.close()
    assert names(tmp_path / "j") == names_of(CHUNKS[:1])


def test_a_full_disk_leaves_what_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = Journal(path, JOB)
    journal.append(CHUNKS[0])
    with full_disk(path.stat().st_size + 40), pytest.raises(EnvironmentLackError, match="cannot be written"):
        journal.append(CHUNKS[1])
    journal.append(CHUNKS[2])
    journal.close()
    assert names(path) == names_of([CHUNKS[0], CHUNKS[2]])


def test_what_the_disk_did_not_take_is_not_read_as_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a sync that failed the kernel takes the pages for clean: they may be gone after the next power cut."""

    def refuse(_file: int) -> None:
        raise OSError(5, "Input/output error")

    path = tmp_path / "j"
    journal = Journal(path, JOB)
    journal.append(CHUNKS[0])
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", refuse)
        with pytest.raises(EnvironmentLackError, match="Input/output error"):
            journal.append(CHUNKS[1])
    journal.close()
    assert names(path) == names_of(CHUNKS[:1])


def test_a_name_that_is_no_utf_8_and_a_float_that_is_no_number_are_kept(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", JOB)
    journal.append([{"input": "caf\udce9", "status": "ok", "result": {"scores": [float("nan"), (1.0, float("inf"))]}}])
    assert list(journal.lines()) == [
        b'{"input": "caf\\udce9", "status": "ok", "result": {"scores": [null, [1.0, null]]}}\n'
    ]
    journal.close()
    assert names(tmp_path / "j") == ["caf\udce9"]
