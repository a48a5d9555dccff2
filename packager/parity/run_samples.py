"""Runs anything that takes feeds by name on every sample of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packager.emit.constants import MappedConstants
from packager.emit.program_file import write_safetensors

Run = Callable[[Mapping[str, NDArray[np.generic]]], Mapping[str, NDArray[np.generic]]]


def run_samples(run: Run, samples: Path, outputs: Path) -> None:
    """Feed `NNN/in:NAME` of `samples` to `run`, sample by sample, and write `NNN/out:NAME` to `outputs`."""
    feeds: dict[str, dict[str, NDArray[np.generic]]] = {}
    for full, array in MappedConstants(samples).items():
        key, _, name = full.partition("/in:")
        feeds.setdefault(key, {})[name] = np.array(array)
    produced = {f"{key}/out:{name}": array for key in sorted(feeds) for name, array in run(feeds[key]).items()}
    write_safetensors(outputs, {name: np.asarray(array) for name, array in produced.items()})
