"""What a manifest may say of quantisation: everything that a report shows."""

from __future__ import annotations

from dataclasses import replace

from edge.manifest import Manifest
from edge.quantisation import (
    CHOSEN,
    FAILED,
    REJECTED,
    Calibration,
    CandidateRecord,
    Interval,
    Quantisation,
    SensitivityRecord,
)
from tests.support.bundles import FIXTURE


def interval(value: float, reach: float) -> Interval:
    return Interval(value=value, low=value - reach, high=value + reach)


def quantisation(engine: str = "onnxruntime", reason: str = "the fastest within 1 point") -> Quantisation:
    """fp32, int8 twice, of which one is chosen, one without a drop, and one that could not be made."""
    ways = (
        CandidateRecord(
            engine=engine,
            precision="fp32",
            size=102_000_000,
            verdict=REJECTED,
            reason="2.6 times as slow as int8",
        ),
        CandidateRecord(
            engine=engine,
            precision="int8",
            activations="u8",
            method="mse",
            steps=("smooth", "correct-bias"),
            floats=("/classifier/Gemm", "/stem/Conv"),
            size=26_000_000,
            latency_ratio=interval(0.384, 0.013),
            drop=interval(0.21, 0.62),
            verdict=CHOSEN,
            reason=reason,
        ),
        CandidateRecord(
            engine=engine,
            precision="int8",
            activations="u8",
            method="min-max",
            size=25_600_000,
            latency_ratio=interval(0.36, 0.011),
            drop=interval(7.4, 2.1),
            verdict=REJECTED,
            reason="loses 7.4 points, 1 is allowed",
        ),
        CandidateRecord(
            engine=engine,
            precision="int8-weights",
            size=25_500_000,
            latency_ratio=interval(1.04, 0.02),
            verdict=REJECTED,
            reason="slower than fp32",
        ),
        CandidateRecord(engine=engine, precision="fp16", verdict=FAILED, reason="this machine has no fp16 arithmetic"),
    )
    return Quantisation(
        precision="auto",
        target="host",
        measured_on="host",
        max_drop=1.0,
        calibration=Calibration(digest="c" * 64, inputs=128, held_out=372, score="top1", fp32=93.4),
        candidates=ways,
        sensitivities=tuple(
            SensitivityRecord(
                nodes=(f"/encoder/layer.{n}/attention/MatMul", f"/encoder/layer.{n}/Add"), error=0.3 / (n + 1)
            )
            for n in range(15)
        ),
        not_run=("network.int8.arm.nb is for arm, this machine is x86_64",),
    )


def quantised_manifest(*all_of: Quantisation | None, name: str = "minilm") -> Manifest:
    """A manifest with a stage for each."""
    manifest = Manifest.from_bytes((FIXTURE / "bundle.json").read_bytes())
    (stage,) = manifest.stages
    stages = tuple(replace(stage, name=f"stage{n}", quantisation=one) for n, one in enumerate(all_of))
    return replace(manifest, name=name, stages=stages)
