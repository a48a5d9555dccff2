"""The element of a value that is farthest from what it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from packager.errors import ParityError
from packager.parity.reference import Arrays, Sample
from packager.parity.tolerance import valid_elements

REMEDY = "the network is not safe to ship by this road; report it with the model's name, or build without this engine"


@dataclass(frozen=True)
class Worst:
    """The element of `output` with the largest error: infinite where something is not finite that should be."""

    output: str
    error: float
    sample: Sample
    element: tuple[int, ...]
    got: float
    expected: float

    def describe(self) -> str:
        """`4.6e-04 at element (0, 3) of sample 001 (batch 3): 1.2 instead of 1.1`."""
        place = ", ".join(map(str, self.element))
        where = f"element ({place}) of sample {self.sample.key} (batch {self.sample.batch})"
        return f"{self.error:.2e} at {where}: {self.got:.6g} instead of {self.expected:.6g}"


def worst_element(hop: str, output: str, samples: Sequence[Sample], produced: Mapping[str, Arrays]) -> Worst:
    """The worst of all samples, of the elements that count.

    `produced` holds the outputs by sample key. Raises ParityError where the output is missing or has another shape.
    """
    return max((_worst(hop, output, sample, produced[sample.key]) for sample in samples), key=lambda one: one.error)


def _worst(hop: str, output: str, sample: Sample, produced: Arrays) -> Worst:
    if output not in produced:
        raise ParityError(f"{hop}: the output {output!r} is missing; there are {', '.join(produced)}", remedy=REMEDY)
    got, expected = np.asarray(produced[output], np.float64), np.asarray(sample.expected[output], np.float64)
    if got.shape != expected.shape:
        shapes = f"{got.shape} instead of {expected.shape}"
        raise ParityError(f"{hop}: the output {output!r} has shape {shapes} (sample {sample.key})", remedy=REMEDY)
    with np.errstate(invalid="ignore"):
        error = np.asarray(np.abs(got - expected))
    error[~np.isfinite(got) & np.isfinite(expected)] = np.inf
    error[got == expected] = 0.0  # equal infinities
    error[~valid_elements(sample, output)] = 0.0
    error[np.isnan(error)] = np.inf
    if error.size == 0:
        return Worst(output, 0.0, sample, (), 0.0, 0.0)
    place = tuple(int(i) for i in np.unravel_index(int(error.argmax()), error.shape))
    return Worst(output, float(error[place]), sample, place, float(got[place]), float(expected[place]))
