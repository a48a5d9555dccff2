"""How much faster a quantised stage is than in fp32: both in one process of their own, by turns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.quantise.bundles import ENGINE
from benchmarks.quantise.subjects import Subject
from edge.bundle import Bundle
from edge.manifest import Stage
from edge.quantisation import Interval
from packager.quantise.collect import collect_feeds
from packager.quantise.examples import read_examples
from packager.quantise.feeds import FeedsWriter
from packager.quantise.judge.latency import Turns, latency_ratio

INPUTS = 8
"""Of the calibration set, for models of images and pages."""
THREADS = 2
SECONDS = 12.0


def feeds(subject: Subject, fp32: Bundle, folder: Path) -> Mapping[str, Path]:
    """What every stage is fed: the first inputs as they are pre-processed, or texts of a length that is asked for."""
    folder.mkdir(exist_ok=True)
    if not subject.tokens:
        return collect_feeds(fp32, read_examples(subject.calibration, fp32)[:INPUTS], ENGINE, folder)
    (stage,) = fp32.manifest.stages
    shape = (1, subject.tokens)
    every = {
        "input_ids": np.random.default_rng(0).integers(5, 150, shape),
        "attention_mask": np.ones(shape, np.int64),
        "token_type_ids": np.zeros(shape, np.int64),
    }
    path = folder / f"{stage.name}.safetensors"
    with FeedsWriter(path) as writer:
        writer.add({spec.name: every[spec.name].astype(spec.dtype) for spec in stage.inputs})
    return {stage.name: path}


def faster(stage: Stage, fp32: Bundle, other: Bundle, fed: Path) -> Interval:
    """How many times faster `other` is: over 1 it is."""
    turns = Turns(
        fp32=str(fp32.path),
        other=str(other.path),
        stage=stage.name,
        engine=ENGINE,
        feeds=str(fed),
        threads=THREADS,
        seconds=SECONDS,
    )
    found = latency_ratio(turns)
    return Interval(value=1 / found.value, low=1 / found.high, high=1 / found.low)
