"""T15 to T18 of the list of threats: whatever an image file may be, it has one record and stops nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.batches import batch, records
from tests.support.image_corpus import write_corpus


@pytest.mark.parametrize("name", ["colour", "pages"])
def test_every_file_of_the_corpus_has_one_record_and_stops_nothing(
    bundles: Path, pages_bundle: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "in").mkdir()
    sound = write_corpus(tmp_path / "in")
    assert len(sound) >= 300
    bundle = pages_bundle if name == "pages" else bundles / "colour.edge"
    options = ("-o", tmp_path / "out", "--workers", "1", "--threads", "1", "--memory", "600MB", "--json")
    done = batch(bundle, tmp_path / "in", *options)
    assert (done.returncode, done.stderr) == (2, "")
    summary = json.loads(done.stdout)
    assert (summary["records"], summary["replaced"]) == (len(sound), 0)
    found = {one["input"]: one for one in records(tmp_path / "out")}
    assert found.keys() == sound.keys()
    wrong = [one for name, one in found.items() if sound[name] not in (None, one["status"] == "ok")]
    assert not wrong
    if name == "colour":
        assert all(found[path]["result"]["labels"][0] == "red" for path, ok in sound.items() if ok)
    errors = [one["error"] for one in found.values() if one["status"] == "error"]
    assert not [error for error in errors if "Traceback" in error or " object at 0x" in error]
