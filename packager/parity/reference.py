"""Samples and what the reference computes for them, as capture writes them.

`samples.safetensors` holds `NNN/in:NAME`; `reference.safetensors` holds `NNN/out32:NAME`, where torch ran the network
in double precision too `NNN/out64:NAME`, and where only some elements count `NNN/valid:NAME`, a bool mask over the
leading axes. Keys with a `golden` sample number are also packed into the bundle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[np.generic]]

SAMPLES_FILE = "samples.safetensors"
REFERENCE_FILE = "reference.safetensors"


@dataclass(frozen=True)
class Sample:
    """One call: its inputs, the expected float32 outputs, the double-precision ones, and which elements count."""

    key: str
    inputs: Arrays
    expected: Arrays
    precise: Arrays
    valid: Arrays

    @property
    def batch(self) -> int:
        """Size of the first input's first axis."""
        first = next(iter(self.inputs.values()))
        return int(first.shape[0]) if first.ndim else 1


def read_reference(samples_file: Path, reference_file: Path) -> tuple[Sample, ...]:
    """All samples in the order of their keys."""
    from safetensors.numpy import load_file

    given, known = _by_sample(load_file(samples_file)), _by_sample(load_file(reference_file))
    return tuple(
        Sample(
            key=key,
            inputs=given[key].get("in", {}),
            expected=known[key].get("out32", {}),
            precise=known[key].get("out64", {}),
            valid=known[key].get("valid", {}),
        )
        for key in sorted(given)
    )


def read_outputs(file: Path) -> dict[str, Arrays]:
    """What a runner wrote: `NNN/out:NAME`, by sample."""
    from safetensors.numpy import load_file

    return {key: kinds.get("out", {}) for key, kinds in _by_sample(load_file(file)).items()}


def _by_sample(arrays: Arrays) -> dict[str, dict[str, dict[str, NDArray[np.generic]]]]:
    found: dict[str, dict[str, dict[str, NDArray[np.generic]]]] = {}
    for full, array in arrays.items():
        key, _, rest = full.partition("/")
        kind, _, name = rest.partition(":")
        found.setdefault(key, {}).setdefault(kind, {})[name] = array
    return found
