"""Golden vectors: inputs with the outputs that they gave when the bundle was built.

An archive `golden/*.npz` holds `in:NAME` for every input, `out:NAME` for every output, and `valid:NAME` where only
some of an output's elements count: a bool mask over its leading axes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.bundle import Bundle
from edge.engines.base import Array
from edge.errors import BundleError, InputError
from edge.manifest import Stage
from edge.npz import read_npz

LIMIT = 256 << 20
"""Bytes of one archive's arrays; real ones hold some hundred kilobytes."""


@dataclass(frozen=True, kw_only=True)
class Golden:
    """One archive's inputs, expected outputs and masks, by name."""

    file: str
    inputs: Mapping[str, Array]
    outputs: Mapping[str, Array]
    valid: Mapping[str, NDArray[np.bool_]]


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """The element that is furthest from what was expected; `error` is infinite where a shape or a NaN is wrong."""

    error: float
    element: tuple[int, ...]
    got: float
    expected: float


def read_golden(bundle: Bundle, stage: Stage) -> tuple[Golden, ...]:
    """The golden vectors of a stage; raises BundleError where there are none or one is not what it should be."""
    if not stage.golden:
        raise BundleError(f"stage {stage.name!r} has no golden vectors", remedy="build the bundle again")
    return tuple(_read(bundle, file, stage) for file in stage.golden)


def _read(bundle: Bundle, file: str, stage: Stage) -> Golden:
    try:
        arrays = read_npz(bundle.file(file), limit=LIMIT)
    except InputError as error:
        raise BundleError(error.message, remedy="build the bundle again") from error
    parts: dict[str, dict[str, Array]] = {"in": {}, "out": {}, "valid": {}}
    for key, array in arrays.items():
        part, _, name = key.partition(":")
        parts.setdefault(part, {})[name] = array
    outputs = {spec.name for spec in stage.outputs}
    if set(parts["in"]) != {spec.name for spec in stage.inputs} or set(parts["out"]) != outputs:
        raise BundleError(f"{file} does not hold the stage's inputs and outputs", remedy="build the bundle again")
    valid = {name: np.asarray(mask, np.bool_) for name, mask in parts["valid"].items()}
    for name, mask in valid.items():
        if name not in outputs or mask.shape != parts["out"][name].shape[: mask.ndim]:
            raise BundleError(f"{file}: the mask of {name!r} does not fit", remedy="build the bundle again")
    return Golden(file=file, inputs=parts["in"], outputs=parts["out"], valid=valid)


def deviation(golden: Golden, name: str, got: Array) -> Deviation:
    """How far an engine's output is from the golden one, over the elements that count."""
    expected = golden.outputs[name]
    if got.shape != expected.shape:
        return Deviation(error=float("inf"), element=got.shape, got=float("nan"), expected=float("nan"))
    have, wanted = got.astype(np.float64), expected.astype(np.float64)
    with np.errstate(invalid="ignore"):
        error = np.asarray(np.abs(have - wanted))  # of a scalar, abs makes no array
    error[np.isnan(error)] = np.inf
    error[(have == wanted) | (np.isnan(have) & np.isnan(wanted))] = 0.0
    if name in golden.valid:
        error[~golden.valid[name]] = 0.0
    if not error.size:
        return Deviation(error=0.0, element=(), got=0.0, expected=0.0)
    place = tuple(int(index) for index in np.unravel_index(int(error.argmax()), error.shape))
    return Deviation(error=float(error[place]), element=place, got=float(have[place]), expected=float(wanted[place]))
