"""What a measurement is: raw samples with everything that they depend on. Nothing here is computed from samples.

Format history
  1  first format (edgepack 0.1)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from edge.errors import InputError
from edge.machine import Machine
from edge.records import Record

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Measurement(Record):
    """One bench of one bundle in a process of its own. Times are in seconds, sizes in bytes.

    `cold_start` is from before that process was made to its first result; `load` imports the libraries, opens and
    checks the bundle and starts the engine; `first` is the first inference, which is not among the samples. `samples`
    holds the engine's time of every run, `stages` that of the others where the input went through the whole runtime.
    `digest` is the SHA-256 of the bundle's manifest.
    """

    format: int = FORMAT
    bundle: str
    digest: str
    file: str
    engine: str
    engine_version: str
    edge: str
    python: str
    machine: Machine
    date: str
    input: str
    shapes: Mapping[str, tuple[int, ...]]
    batch: int
    threads: int
    warmup: int
    cold_start: float
    load: float
    first: float
    samples: tuple[float, ...]
    peak_memory: int
    stages: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def write_measurement(measurement: Measurement, path: Path) -> None:
    """Write it as JSON, beside its name and then renamed; raises InputError where it cannot be written."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(json.dumps(measurement.to_json(), indent=1) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise InputError(f"{path} cannot be written ({error})", remedy="give another name with -o") from error
