"""Inputs that the caller gives, to be compared on beside the seeded ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from edge.errors import InputError
from edge.npz import read_npz
from packager.tasks.modality import Feeds
from packager.tasks.plan import Axis, InputPlan


def read_real(path: Path, plan: Sequence[InputPlan]) -> tuple[Feeds, ...]:
    """The calls in an `.npz`: arrays called like the inputs, or `KEY/NAME` for several calls, in order of the keys.

    Raises InputError for a file that cannot be read, or arrays that do not fit the inputs.
    """
    calls: dict[str, Feeds] = {}
    for full, array in read_npz(path).items():
        key, _, name = full.rpartition("/")
        calls.setdefault(key, {})[name] = array
    return tuple(_checked(calls[key], plan, path) for key in sorted(calls))


def _checked(call: Feeds, plan: Sequence[InputPlan], path: Path) -> Feeds:
    expected = {one.name: one for one in plan}
    if call.keys() != expected.keys():
        raise InputError(f"{path} holds {', '.join(sorted(call))}", remedy=f"it must hold {', '.join(expected)}")
    sizes: dict[str, int] = {}
    for name, array in call.items():
        one = expected[name]
        if array.dtype != np.dtype(one.dtype) or not _fits(array.shape, one, sizes):
            raise InputError(
                f"{path}: {name} is {array.dtype} {list(array.shape)}",
                remedy=f"it must be {one.dtype} {list(one.spec.shape)}",
            )
    return {one.name: call[one.name] for one in plan}


def _fits(shape: tuple[int, ...], plan: InputPlan, sizes: dict[str, int]) -> bool:
    if len(shape) != len(plan.axes):
        return False
    for size, axis in zip(shape, plan.axes, strict=True):
        if isinstance(axis, Axis):
            if not axis.holds(size) or sizes.setdefault(axis.name, size) != size:
                return False
        elif size != axis:
            return False
    return True
