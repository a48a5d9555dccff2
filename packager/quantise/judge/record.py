"""Latency from records that a device wrote: `edge bench -o` of fp32 and of each candidate, told by their artifacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from edge.bench.compare.comparison import compare
from edge.bench.record import Measurement
from edge.bench.report.judged import judged
from edge.bench.report.read import read_records
from edge.bundle import Bundle
from edge.errors import EdgeError, InputError
from edge.quantisation import Interval


@dataclass(frozen=True)
class Recorded:
    """Records of one device, of whatever bundles; `failures` says by artifacts' digests why there is none."""

    records: tuple[Measurement, ...]
    origin: str
    failures: Mapping[frozenset[str], EdgeError] = field(default_factory=dict)

    def latency_ratio(self, fp32: Bundle, other: Bundle, stage: str, engine: str) -> Interval:
        """How long the candidate's median query takes as a multiple of fp32's, with a 95% interval.

        Raises why one was not measured, and InputError where there is no record of one, or where they cannot be
        compared: other machines, inputs or scenarios, or one is INVALID.
        """
        return ratio_of(*(self._runs(bundle, stage, engine) for bundle in (fp32, other)))

    def _runs(self, bundle: Bundle, stage: str, engine: str) -> list[Measurement]:
        digests = artifact_digests(bundle, stage, engine)
        if digests in self.failures:
            raise self.failures[digests]
        found = [one for one in self.records if one.file_digest in digests]
        if not found:
            told = ", ".join(sorted(digest[:12] for digest in digests))
            raise InputError(
                f"{self.origin} holds no record of the artifact with SHA-256 {told or 'unknown'}",
                remedy=f"measure on the device what has it: edge bench BUNDLE --engine {engine} -o RECORD",
            )
        return found


def artifact_digests(bundle: Bundle, stage: str, engine: str) -> frozenset[str]:
    """The SHA-256 of what a stage has for an engine: one for each place."""
    files = {
        artifact.file
        for one in bundle.manifest.stages
        for artifact in one.artifacts
        if (one.name, artifact.engine) == (stage, engine)
    }
    return frozenset(entry.sha256 for entry in bundle.manifest.files if entry.path in files)


def read_recorded(path: Path) -> Recorded:
    """A record, a folder of records or a pattern; raises InputError for what holds none."""
    return Recorded(tuple(read_records([path])), str(path))


def ratio_of(fp32: Sequence[Measurement], other: Sequence[Measurement]) -> Interval:
    """The candidate's latency over fp32's: of one run of each, or of three and more; raises InputError otherwise."""
    found = compare([judged(one) for one in fp32], [judged(one) for one in other]).ratio
    return Interval(value=found.middle, low=found.low, high=found.high)
