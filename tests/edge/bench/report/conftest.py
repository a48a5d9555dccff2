from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from edge.bench.accuracy import Accuracy
from edge.bench.growth import Growth
from edge.bench.report.judged import Judged, judged
from edge.bench.server_load import Probe, Server
from tests.support.browser import Browser, chromium
from tests.support.measurements import measurement, readings, steady

HOSTILE = "<img src=http://x.invalid/a.png onerror=alert(1)>|`\u202e"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def hot() -> Judged:
    """Throttled, with stages, growing memory, a searched rate, a dataset, and names that would like to be code."""
    samples = np.array(steady(3000, 0.002, spread=0.03))
    samples[2000:] *= 1.25
    samples[::97] *= 2
    done = measurement(samples.tolist(), bundle=HOSTILE)
    seen = readings(done.seconds)
    slow = readings(done.seconds, clocks={"policy0": 1_800_000, "policy4": 1_500_000}, throttled=0x4)
    probes = tuple(
        Probe(rate=rate, seed=1, queries=700, over=over, seconds=9.0, holds=over < 2)
        for rate, over in ((100.0, 0), (400.0, 90), (200.0, 1))
    )
    done = replace(
        done,
        stages={name: tuple((samples * share).tolist()) for name, share in (("decode", 0.3), ("engine", 0.7))},
        conditions=replace(done.conditions, readings=(*seen[:13], *slow[13:])),
        growth=Growth(seed=1, varied=50, resident=tuple((100 << 20) + (place << 17) for place in range(101))),
        server=Server(rate=200.0, bound=0.01, percentile=0.99, seed=1, holds=True, arrivals=(), probes=probes),
        accuracy=accuracy(0.97),
    )
    return judged(done)


@pytest.fixture(scope="session")
def several() -> list[Judged]:
    """Five records of one dataset, two of them on the front of accuracy and latency."""
    kinds = (
        (0.0042, 1, "fp32", 0.97),
        (0.0022, 2, "fp32", 0.97),
        (0.0012, 2, "int8", 0.95),
        (0.0031, 2, "int16", 0.965),
        (0.0012, 2, "int4", 0.90),
    )
    return [
        judged(
            measurement(
                steady(700, seconds), threads=threads, threads_got=threads, precision=precision, accuracy=accuracy(top1)
            )
        )
        for seconds, threads, precision, top1 in kinds
    ]


def accuracy(top1: float, inputs: int = 200) -> Accuracy:
    wrong = round(inputs * (1 - top1))
    return Accuracy(
        dataset="digits",
        digest="d" * 64,
        inputs=inputs,
        failed=0,
        metrics={"top1": top1},
        errors=(1,) * wrong + (0,) * (inputs - wrong),
        lengths=(1,) * inputs,
    )
