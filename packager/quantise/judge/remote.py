"""Latency on a device over SSH: its own `edge bench` measures fp32 and every candidate, in rounds of changing order."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.bench.record import RECORD_LIMIT, Measurement, read_measurement
from edge.bundle import Bundle
from edge.cli.application import plain
from edge.digests import sha256_file
from edge.errors import EdgeError, EnvironmentLackError, InputError
from edge.manifest import MANIFEST_NAME
from packager.errors import DeviceError
from packager.progress import note
from packager.quantise.judge.connection import MARK, Connection
from packager.quantise.judge.device import LONGEST, Device
from packager.quantise.judge.one_stage import one_stage
from packager.quantise.judge.record import Recorded, artifact_digests

# `bench` runs beside the loop, so that the end of the input is seen while it does, and ends it.
SCRIPT = """
umask 077
PATH=$PATH:$HOME/.local/bin
export PATH
folder=$(mktemp -d "${TMPDIR:-/var/tmp}/edgepack.XXXXXX") || exit 71
trap "rm -rf -- \\"$folder\\"" EXIT
trap "exit 71" HUP INT PIPE TERM
cd "$folder" || exit 71
echo "MARK$folder:$(edge --version 2>/dev/null)"
bench() {
  if [ "$5" = 0 ]; then threads=; else threads="--threads $5"; fi
  set -- "$1" --engine "$2" --min-seconds "$3" --min-samples 16 --max-seconds "$4" $threads
  edge bench "$@" --no-limit -o record >/dev/null 2>said &
  work=$!
  trap "kill $work; exit 71" TERM
  wait $work
  status=$?
  trap - TERM
  [ $status = 0 ] || tail -c 4000 said >record
  size=$(wc -c <record)
  echo "MARK$status:$((size))"
  cat record
}
job=
while read -r words; do
  bench $words &
  job=$!
done
if [ "$job" ]; then kill $job 2>/dev/null; wait $job; fi
""".replace("MARK", MARK)

ANSWER = re.compile(rf"{MARK}(\d{{1,3}}):(\d{{1,12}})")
START = 300.0
"""Seconds beside those that are measured: a card reads a large model slowly."""

MOST_WORDS = 1 << 14
"""Bytes of an error that are read."""


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """Each bundle once a round, in an order that `seed` draws; the rounds show how much runs differ.

    `threads` are the engine's, 0 all that there are there.
    """

    engine: str
    stage: str
    threads: int = 0
    rounds: int = 3
    seconds: float = 2.0
    most_seconds: float = 60.0
    seed: int = 0


def measure_on(device: Device, bundles: Sequence[Bundle], asked: Rounds) -> Recorded:
    """Measure one stage of every bundle there; afterwards nothing of it is left on the device.

    What cannot be measured is a failure of its own, and is not tried again. Raises DeviceError where the device cannot
    be reached, has no `edge`, or answers with something else than records of these bundles.
    """
    with tempfile.TemporaryDirectory(prefix="edgepack-") as scratch, Connection(device, SCRIPT) as there:
        _need_edge(there)
        jobs: list[_Job] = []
        for bundle in bundles:
            name = f"{len(jobs)}.edge"
            job = _Job(name, one_stage(bundle, asked.stage, asked.engine, Path(scratch) / name))
            if not any(job.digests == one.digests for one in jobs):
                device.copy(job.bundle.path, f"{there.folder}/{name}")
                jobs.append(job)
        records, failures = _rounds(there, jobs, asked, Path(scratch) / "record.json")
    return Recorded(tuple(records), device.address, failures)


def greet(device: Device) -> None:
    """Raises DeviceError where the device cannot be reached, or has no `edge`."""
    with Connection(device, SCRIPT) as there:
        _need_edge(there)
        note("quantise", f"measures on {device.address}: {plain(there.word)}")


def _need_edge(there: Connection) -> None:
    if not there.word:
        raise DeviceError(
            f"{there.device.address} has no edge",
            remedy="install edgepack-device there, into its PATH or ~/.local/bin",
        )


@dataclass(frozen=True)
class _Job:
    name: str
    bundle: Bundle

    @property
    def digests(self) -> frozenset[str]:
        """Of the artifacts, which are what candidates differ in."""
        (stage,) = self.bundle.manifest.stages
        return artifact_digests(self.bundle, stage.name, stage.artifacts[0].engine)


def _rounds(
    there: Connection, jobs: Sequence[_Job], asked: Rounds, file: Path
) -> tuple[list[Measurement], dict[frozenset[str], EdgeError]]:
    chance = random.Random(asked.seed)  # noqa: S311 (an order, no secret)
    records: list[Measurement] = []
    failures: dict[frozenset[str], EdgeError] = {}
    left = list(jobs)
    for _ in range(asked.rounds):
        for job in chance.sample(left, len(left)):
            found = _measure(there, job, asked, file)
            if isinstance(found, Measurement):
                records.append(found)
            else:
                failures[job.digests] = found
                left.remove(job)
    return records, failures


def _measure(there: Connection, job: _Job, asked: Rounds, file: Path) -> Measurement | EdgeError:
    """The record that the device wrote, or what its `edge` said instead; raises DeviceError for anything else."""
    there.send(f"{job.name} {asked.engine} {asked.seconds:g} {asked.most_seconds:g} {asked.threads}")
    answer = ANSWER.fullmatch(there.line(asked.most_seconds + START))
    if answer is None:
        raise there.strange("a line that no script of ours says")
    status, size = int(answer[1]), int(answer[2])
    if size > (MOST_WORDS if status else RECORD_LIMIT):
        raise there.strange(f"{size} bytes, which is no {'error' if status else 'record'}")
    said = there.exactly(size, START)
    if status:
        return _failure(there.device, status, said.decode(errors="replace"))
    file.write_bytes(said)
    try:
        found = read_measurement(file)
    except InputError as error:
        message = error.message.replace(str(file), "its record")
        raise DeviceError(f"{there.device.address} answered wrongly: {message}", remedy=error.remedy) from error
    if found.digest != sha256_file(job.bundle.path / MANIFEST_NAME) or found.file_digest not in job.digests:
        raise there.strange("the record of another bundle")
    return found


def _failure(device: Device, status: int, said: str) -> EdgeError:
    """Of the two lines that `edge` ends with, what happened and the remedy."""
    lines = [plain(line) for line in said.splitlines() if line.strip()]
    message = lines[-2:-1] or lines[-1:] or [f"exit code {status}"]
    remedy = lines[-1] if len(lines) > 1 else f"try it there: edge bench; exit code {status}"
    told = f"on {device.address}: {message[0].removeprefix('edge: ')[:LONGEST]}"
    return EnvironmentLackError(told, remedy=remedy[:LONGEST])
