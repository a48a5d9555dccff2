"""Whether values inside the network are right: torch's own, with the tolerance that outputs have."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packager.capture import Captured
from packager.errors import ParityError
from packager.parity.reference import Arrays, Sample, read_reference
from packager.parity.tolerance import tolerance_of
from packager.parity.worst import worst_element
from packager.worker import run_worker

CHILD = "packager.capture.values"


@dataclass(frozen=True)
class Judgement:
    """The largest error of one value (infinite for a wrong shape), its tolerance, and the error in words."""

    error: float
    tolerance: float
    where: str

    @property
    def right(self) -> bool:
        """Whether the error is within the tolerance."""
        return self.error <= self.tolerance


def values_in_torch(captured: Captured, names: Sequence[str], scratch: Path) -> tuple[Sample, ...]:
    """What torch computes for these values of the captured graph, in float32 and float64, on all samples."""
    results = scratch / "values.safetensors"
    request = {
        "graph": str(captured.folder.resolve()),
        "samples": str(captured.samples.resolve()),
        "names": list(names),
        "results": str(results),
    }
    run_worker(CHILD, request, isolated=True)
    return read_reference(captured.samples, results)


def judge(hop: str, value: str, samples: Sequence[Sample], produced: Mapping[str, Arrays]) -> Judgement:
    """Compare one value, which `produced` holds by sample key under its own name."""
    limit = tolerance_of(value, samples).limit
    try:
        worst = worst_element(hop, value, samples, produced)
    except ParityError as error:
        return Judgement(math.inf, limit, error.message)
    return Judgement(worst.error, limit, worst.describe())
