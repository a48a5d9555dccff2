"""Feeds are checked against the specs once, here, whichever engine runs them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from edge.engines.base import Array
from edge.errors import InputError
from edge.manifest import TensorSpec
from edge.specs import describe


def check_feeds(specs: tuple[TensorSpec, ...], feeds: Mapping[str, Array]) -> dict[str, Array]:
    """The feeds in the specs' order, C-contiguous; a symbol must have one size in all of them.

    Raises InputError naming the input that is missing, unknown, or of the wrong dtype, rank or size.
    """
    known = [spec.name for spec in specs]
    if unknown := sorted(set(feeds) - set(known)):
        raise InputError(f"unknown input {unknown[0]!r}", remedy=f"the inputs are: {', '.join(known)}")
    sizes: dict[str, int] = {}
    checked: dict[str, Array] = {}
    for spec in specs:
        if spec.name not in feeds:
            raise InputError(f"the input {spec.name!r} is missing", remedy=f"the inputs are: {', '.join(known)}")
        array = np.asarray(feeds[spec.name])
        _check(spec, array, sizes)
        # `ascontiguousarray` would turn a scalar into one dimension.
        checked[spec.name] = array if array.flags.c_contiguous else np.ascontiguousarray(array)
    return checked


def _check(spec: TensorSpec, array: Array, sizes: dict[str, int]) -> None:
    expected = f"{spec.name!r} must be {describe(spec)}"
    if array.dtype != np.dtype(spec.dtype):
        raise InputError(f"{expected}, not {array.dtype}", remedy=f"convert it with .astype({spec.dtype!r})")
    if array.ndim != len(spec.shape):
        raise InputError(f"{expected}, not of shape {array.shape}", remedy=f"give it {len(spec.shape)} dimensions")
    for axis, (size, wanted) in enumerate(zip(array.shape, spec.shape, strict=True)):
        if size == 0:
            raise InputError(f"{spec.name!r} is empty: shape {array.shape}", remedy="give at least one element")
        fixed = sizes.setdefault(wanted, size) if isinstance(wanted, str) else wanted
        if size != fixed:
            raise InputError(f"{expected}; its axis {axis} is {size}, not {fixed}", remedy="change the input's shape")
