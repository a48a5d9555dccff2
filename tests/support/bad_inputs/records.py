"""Measurements that cannot be made, and records that cannot be read or compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.support.bad_inputs.attempt import BIN, Attempt, Materials
from tests.support.measurements import measurement


def no_query_in_time(at: Materials) -> Attempt:
    """Less time than the first query takes."""
    record = at.scratch / "record.json"
    return Attempt(("edge", "bench", at.bundle, "--no-limit", "--max-seconds", "1e-9", "-o", record), {}, (record,))


def disk_full(at: Materials) -> Attempt:
    """No file may get larger than 1 KiB; a signal that the shell ignores would end the program else."""
    script = 'trap "" XFSZ; ulimit -f 1; exec "$0" bench "$1" --no-limit --min-seconds 0 -o "$2"'
    record = at.scratch / "out" / "record.json"
    record.parent.mkdir()
    return Attempt(("bash", "-c", script, BIN / "edge", at.bundle, record), {}, (record,))


def older_record(at: Materials) -> Attempt:
    """Of the format of edgepack 0.1."""
    return Attempt(("edge", "report", _record(at.scratch / "older.json", format=1)))


def newer_record(at: Materials) -> Attempt:
    """Of a format that is not known yet."""
    return Attempt(("edge", "report", _record(at.scratch / "newer.json", format=99)))


def half_a_record(at: Materials) -> Attempt:
    """A record that ends too early."""
    path = _record(at.scratch / "half.json")
    path.write_bytes(path.read_bytes()[:-100])
    return Attempt(("edge", "report", path))


def other_board(at: Materials) -> Attempt:
    """The same network on a Raspberry Pi 4 and 5."""
    first = _record(at.scratch / "pi5.json")
    conditions = replace(measurement().conditions, model="Raspberry Pi 4 Model B Rev 1.4").to_json()
    second = _record(at.scratch / "pi4.json", conditions=conditions)
    return Attempt(("edge", "compare", first, second))


def other_task(at: Materials) -> Attempt:
    """Networks for different ends."""
    first, second = _record(at.scratch / "one.json"), _record(at.scratch / "other.json", task="object-detection")
    return Attempt(("edge", "compare", first, second))


def _record(path: Path, **changes: Any) -> Path:
    path.write_text(json.dumps(measurement().to_json() | changes), encoding="utf-8")
    return path
