"""Student's distribution."""

from __future__ import annotations

from statistics import NormalDist


def student(share: float, freedom: float) -> float:
    """Student's quantile from the normal one (Abramowitz and Stegun 26.7.5), within 1% from 2 degrees of freedom on."""
    z = NormalDist().inv_cdf(share)
    return z + sum(
        term / freedom**power
        for power, term in (
            (1, (z**3 + z) / 4),
            (2, (5 * z**5 + 16 * z**3 + 3 * z) / 96),
            (3, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384),
            (4, (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160),
        )
    )
