"""What a measurement is: raw samples with everything that they depend on. Nothing here is computed from samples.

Format history
  1  edgepack 0.1: a fixed number of runs, one time for everything before them
  2  scenarios, stop rule, phases one by one, ends of queries, conditions; server, growth, accuracy, limit
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edge.bench.accuracy import Accuracy
from edge.bench.evidence.conditions import Conditions
from edge.bench.growth import Growth
from edge.bench.limit.limit import Limit
from edge.bench.server_load import Server
from edge.bench.stop_rule import Stop
from edge.errors import BundleError, InputError
from edge.machine import Machine
from edge.plain_json import parse_json
from edge.records import Record
from edge.whole_file import whole_file

FORMAT = 2
RECORD_LIMIT = 256 << 20
"""Bytes. A million samples with their stages take about 80 MB."""


@dataclass(frozen=True, kw_only=True)
class Phases(Record):
    """Seconds before the steady phase, in order; together they are the cold start, but for `warm_up`.

    `process` starts the interpreter, `imports` loads the libraries, `verify` opens the bundle and checks its digests,
    `session` starts the engine, `first` is the first query, `warm_up` those that are not measured.
    """

    process: float
    imports: float
    verify: float
    session: float
    first: float
    warm_up: float

    @property
    def cold_start(self) -> float:
        """Seconds from before the process was made to its first result."""
        return self.process + self.imports + self.verify + self.session + self.first


@dataclass(frozen=True, kw_only=True)
class Measurement(Record):
    """One scenario on one bundle, in a process of its own. Times are in seconds, sizes in bytes, digests SHA-256.

    `samples` are the times of the queries, in order: the engine's alone where golden vectors are fed to it, else the
    whole runtime's, and then `stages` splits each of them into decode, preprocess, engine and postprocess. A query has
    `batch` inputs; `inputs` counts those of all queries. `ends` says when each query ended, `seconds` how long the
    steady phase was, both from its start. `digest` is the manifest's, `file_digest` the artifact's.
    `threads` were asked for, `threads_got` is what the engine says that it has.
    """

    format: int = FORMAT
    scenario: str
    bundle: str
    task: str
    digest: str
    file: str
    file_digest: str
    precision: str
    engine: str
    engine_version: str
    providers: tuple[str, ...] = ()
    edge: str
    python: str
    machine: Machine
    date: str
    input: str
    shapes: Mapping[str, tuple[int, ...]]
    batch: int
    threads: int
    threads_got: int
    warmup: int
    phases: Phases
    stop: Stop
    samples: tuple[float, ...]
    ends: tuple[float, ...]
    seconds: float
    inputs: int
    stages: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    peak_memory: int
    conditions: Conditions
    server: Server | None = None
    growth: Growth | None = None
    accuracy: Accuracy | None = None
    limit: Limit | None = None


def write_measurement(measurement: Measurement, path: Path) -> None:
    """Write it as JSON, a line for each field; raises EnvironmentLackError where the disk refuses."""
    lines = (
        f" {json.dumps(name)}: {json.dumps(value, allow_nan=False)}" for name, value in measurement.to_json().items()
    )
    with whole_file(path) as file:
        file.write(("{\n" + ",\n".join(lines) + "\n}\n").encode())


def read_measurement(path: Path) -> Measurement:
    """Read what `write_measurement` wrote; raises InputError for anything else, and for another format."""
    try:
        with path.open("rb") as file:
            data = file.read(RECORD_LIMIT + 1)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror})", remedy="give a record of edge bench -o"
        ) from error
    if len(data) > RECORD_LIMIT:
        raise InputError(f"{path} is over {RECORD_LIMIT >> 20} MiB", remedy="give a record of edge bench -o")
    try:
        parsed = parse_json(data)
        number = parsed.get("format") if isinstance(parsed, dict) else None
        if isinstance(number, int) and number != FORMAT:
            age, remedy = ("newer", "update edgepack") if number > FORMAT else ("older", "measure again")
            raise InputError(f"{path} has the {age} format {number}, this edge reads {FORMAT}", remedy=remedy)
        return _checked(Measurement.from_json(parsed, "record"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not JSON ({error})", remedy="give a record of edge bench -o") from error
    except BundleError as error:
        raise InputError(f"{path} is no record: {error.message}", remedy="give a record of edge bench -o") from error


def _checked(found: Measurement) -> Measurement:
    """Refuse what a writer of ours never writes, and what would break whoever computes with it."""
    queries = len(found.samples)
    if not queries or {len(found.ends), *map(len, found.stages.values())} != {queries}:
        raise BundleError("record: samples, ends and stages are none or differ in number")
    if min(found.samples) <= 0 or found.seconds <= 0 or found.inputs < 1 or found.batch < 1:
        raise BundleError("record: a time or a number is not above zero")
    return found
