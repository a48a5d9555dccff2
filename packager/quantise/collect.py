"""Runs the calibration inputs through the fp32 bundle, as a device will, and keeps what every stage is fed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from edge.bench.accuracy.dataset import Example
from edge.bundle import Bundle
from packager.progress import step
from packager.worker import run_worker

MOST_CALLS = 256
"""Of one stage: a page has a hundred lines, and a text that is written has a call for each token."""
MOST_BYTES = 1 << 30
"""Of one stage's feeds on disk."""


def collect_feeds(bundle: Bundle, examples: Sequence[Example], engine: str, folder: Path) -> Mapping[str, Path]:
    """The file of feeds (`packager.quantise.feeds`) of every stage that was fed anything, by stage, in `folder`.

    The order of inputs and of the calls of each is always the same. Raises InputError for an input that cannot be
    decoded, holds NaN or infinity, or is one constant: nothing can be learnt from it.
    """
    request = {
        "bundle": str(bundle.path.absolute()),
        "engine": engine,
        "folder": str(folder.absolute()),
        "names": [example.name for example in examples],
        "inputs": [str(example.given) for example in examples],
        "most_calls": MOST_CALLS,
        "most_bytes": MOST_BYTES,
    }
    with step("quantise", f"what the networks are fed of {len(examples)} inputs"):
        reply = run_worker("packager.quantise.collect_worker", request, isolated=True)
    return {stage: Path(path) for stage, path in reply["feeds"].items()}
