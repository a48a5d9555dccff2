"""Measurements as a record holds them, from numbers of the test's own choosing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

import numpy as np

from edge.bench.evidence.conditions import Conditions, Reading
from edge.bench.record import Measurement, Phases
from edge.bench.stop_rule import Stop
from edge.machine import Machine

PI5 = Machine(
    machine="aarch64",
    bits=64,
    glibc="2.36",
    memory_bytes=8 << 30,
    cpus=4,
    features=("asimd", "asimddp"),
    board="rpi5",
)


def steady(count: int, seconds: float = 0.002, spread: float = 0.01, seed: int = 0) -> tuple[float, ...]:
    """Independent latencies around a median."""
    return tuple((seconds * np.exp(np.random.default_rng(seed).normal(0.0, spread, count))).tolist())


def readings(seconds: float, count: int = 20, **changes: Any) -> tuple[Reading, ...]:
    """A board that warms up from 45 to about 60 °C at 2.4 GHz."""
    moments = [seconds * (place + 0.5) / count for place in range(count)]
    return tuple(
        replace(
            Reading(
                at=at,
                clocks={"policy0": 2_400_000},
                temperatures={"cpu-thermal": round(60 - 15 * float(np.exp(-4 * at / seconds)), 2)},
                throttled=0,
                swap=0,
                rss=120 << 20,
                foreign_cpu=0.0,
            ),
            **changes,
        )
        for at in moments
    )


def measurement(samples: Sequence[float] = (), **changes: Any) -> Measurement:
    """A quiet run of one query after another on a Raspberry Pi 5; `changes` are fields that differ."""
    samples = tuple(samples) or steady(700)
    ends = tuple(accumulate(samples))
    seen = readings(ends[-1])
    batch = changes.get("batch", 1)
    made = Measurement(
        scenario="single-stream",
        bundle="minilm",
        task="feature-extraction",
        digest="a" * 64,
        file="model.onnx",
        file_digest="b" * 64,
        precision="fp32",
        engine="onnxruntime",
        engine_version="1.32.0",
        edge="0.1.0",
        python="3.11.2",
        machine=PI5,
        date="2026-11-24T12:00:00+00:00",
        input="golden/batch-1.npz",
        shapes={"input_ids": (1, 32)},
        batch=1,
        threads=4,
        threads_got=4,
        warmup=5,
        phases=Phases(process=0.03, imports=0.3, verify=0.02, session=0.15, first=0.004, warm_up=0.012),
        stop=Stop(min_seconds=0.0, min_samples=64, max_seconds=60.0, reason="enough"),
        samples=samples,
        ends=ends,
        seconds=ends[-1],
        inputs=len(samples) * batch,
        peak_memory=150 << 20,
        conditions=Conditions(
            model="Raspberry Pi 5 Model B Rev 1.0",
            cpu="Cortex-A76",
            kernel="6.6.31",
            os="Debian GNU/Linux 12",
            governors={"policy0": "performance"},
            clock_limits={"policy0": (1_500_000, 2_400_000)},
            affinity=(0, 1, 2, 3),
            before=replace(seen[0], at=-0.1),
            after=replace(seen[-1], at=ends[-1] + 0.1),
            readings=seen,
            sampler_cost=0.002,
            voluntary_switches=40,
            involuntary_switches=3,
        ),
    )
    return replace(made, **changes)
