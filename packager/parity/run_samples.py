"""Runs anything that takes feeds by name on every sample of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge.manifest import TensorSpec
from packager.emit.constants import MappedConstants, write_safetensors

Feeds = dict[str, NDArray[np.generic]]
Run = Callable[[Mapping[str, NDArray[np.generic]]], Mapping[str, NDArray[np.generic]]]


def read_feeds(samples: Path) -> dict[str, Feeds]:
    """`NNN/in:NAME` of a file of samples: the feeds by name, by sample, in the order of the keys."""
    found: dict[str, Feeds] = {}
    for full, array in sorted(MappedConstants(samples).items()):
        key, _, name = full.partition("/in:")
        found.setdefault(key, {})[name] = np.array(array)
    return found


def run_samples(run: Run, inputs: Sequence[TensorSpec], samples: Path, outputs: Path) -> None:
    """Feed the `inputs` to `run`, sample by sample, and write `NNN/out:NAME` to `outputs`."""
    produced = {
        f"{key}/out:{name}": array
        for key, feeds in read_feeds(samples).items()
        for name, array in run({spec.name: feeds[spec.name] for spec in inputs}).items()
    }
    write_safetensors(outputs, {name: np.asarray(array) for name, array in produced.items()})
