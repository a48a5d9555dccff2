"""Compares what a hop computed with the reference: every output, every element that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from edge.manifest import Hop
from packager.errors import ParityError
from packager.parity.reference import Arrays, Sample
from packager.parity.tolerance import Tolerance, tolerance_of, valid_elements
from packager.parity.worst import REMEDY, Worst, worst_element


def check_hop(
    hop: str, samples: Sequence[Sample], produced: Mapping[str, Arrays], *, classifier: bool
) -> tuple[Hop, ...]:
    """Measure one hop, one record for each output; raises ParityError at the first output that is over its tolerance.

    `produced` holds the outputs by sample key. `classifier` says that the last axis holds scores of classes, whose
    top is compared wherever the reference decides it by more than twice the tolerance.
    """
    return tuple(_check_output(hop, output, samples, produced, classifier) for output in samples[0].expected)


def _check_output(
    hop: str, output: str, samples: Sequence[Sample], produced: Mapping[str, Arrays], classifier: bool
) -> Hop:
    tolerance = tolerance_of(output, samples)
    # A scalar, of a whole call, has no rows to differ.
    if tolerance.spread == 0 and any(sample.batch > 1 and sample.expected[output].ndim for sample in samples):
        raise ParityError(
            f"{hop}: the output {output!r} is the same for every sample, so no comparison could see an error",
            remedy="check the model's weights; they may be empty or not initialised",
        )
    worst = worst_element(hop, output, samples, produced)
    if not worst.error <= tolerance.limit:
        raise ParityError(
            f"{hop}: the output {output!r} is off by {worst.describe()}, tolerance {tolerance.limit:.2e}", remedy=REMEDY
        )
    return measured_hop(hop, samples, produced, worst, tolerance, classifier=classifier)


def measured_hop(
    hop: str,
    samples: Sequence[Sample],
    produced: Mapping[str, Arrays],
    worst: Worst,
    tolerance: Tolerance,
    *,
    classifier: bool,
) -> Hop:
    """The record of one output, whose worst element is `worst`; nothing is refused."""
    output = worst.output
    return Hop(
        hop=hop,
        output=output,
        max_abs=_rounded(worst.error),
        max_relative=_rounded(worst.error / tolerance.scale) if tolerance.scale else 0.0,
        cosine=round(min(_cosine(s.expected[output], produced[s.key][output], s, output) for s in samples), 9),
        top1=_top1(output, samples, produced, tolerance) if classifier else -1.0,
        tolerance=_rounded(tolerance.limit),
        samples=len(samples),
        batches=tuple(sorted({sample.batch for sample in samples})),
    )


def _cosine(expected: NDArray[np.generic], got: NDArray[np.generic], sample: Sample, output: str) -> float:
    """Cosine of what differs between the samples of a batch; a plain cosine hides errors behind a common offset."""
    counted = valid_elements(sample, output)
    a, b = np.asarray(expected, np.float64), np.asarray(got, np.float64)
    centre = a.mean(axis=0, keepdims=True) if sample.batch > 1 and a.ndim else 0.0
    a, b = (a - centre)[counted], (b - centre)[counted]
    norms = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / norms if norms else 1.0


def _top1(output: str, samples: Sequence[Sample], produced: Mapping[str, Arrays], tolerance: Tolerance) -> float:
    decided = agreed = 0
    for sample in samples:
        expected = np.asarray(sample.expected[output], np.float64)
        if expected.shape[-1] < 2:
            continue
        top = np.sort(expected, axis=-1)
        # A token of padding is no sample.
        sure = (top[..., -1] - top[..., -2] > 2 * tolerance.limit) & valid_elements(sample, output)[..., 0]
        same = expected.argmax(-1) == np.asarray(produced[sample.key][output]).argmax(-1)
        decided += int(sure.sum())
        agreed += int((sure & same).sum())
    return agreed / decided if decided else -1.0


def _rounded(value: float) -> float:
    """Three digits are enough for a manifest, and keep it readable."""
    return float(f"{value:.3g}")
