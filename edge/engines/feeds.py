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
    if feeds.keys() != {spec.name for spec in specs}:
        raise _wrong_names([spec.name for spec in specs], feeds)
    sizes: dict[str, int] = {}
    checked: dict[str, Array] = {}
    for spec in specs:
        array = np.asarray(feeds[spec.name])
        if array.dtype != spec.dtype or array.ndim != len(spec.shape):
            raise _wrong_kind(spec, array)
        for size, wanted in zip(array.shape, spec.shape, strict=True):
            if size == 0 or size != (wanted if isinstance(wanted, int) else sizes.setdefault(wanted, size)):
                raise _wrong_size(spec, array, sizes)
        # `ascontiguousarray` would turn a scalar into one dimension.
        checked[spec.name] = array if array.flags.c_contiguous else np.ascontiguousarray(array)
    return checked


class FeedCheck:
    """Checks what one session is fed: arrays like the last ones fit as those did.

    Behind an inference the interpreter finds its caches full of weights: all that is looked at then takes ten times as
    long as in a loop of its own.
    """

    def __init__(self, specs: tuple[TensorSpec, ...]) -> None:
        self._specs = specs
        self._last: dict[str, tuple[object, ...]] = {}

    def __call__(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """As `check_feeds`, in any order."""
        if isinstance(feeds, dict) and self._last and _kind(feeds) == self._last:
            return feeds
        checked = check_feeds(self._specs, feeds)
        self._last = _kind(checked)
        return checked


def _kind(feeds: Mapping[str, Array]) -> dict[str, tuple[object, ...]]:
    """What fitting depends on; nothing where something is no array yet."""
    try:
        return {
            name: (type(array), array.dtype, array.shape, array.flags.c_contiguous) for name, array in feeds.items()
        }
    except AttributeError:
        return {}


def _wrong_names(known: list[str], feeds: Mapping[str, Array]) -> InputError:
    unknown = sorted(set(feeds) - set(known))
    what = f"unknown input {unknown[0]!r}" if unknown else f"the input {min(set(known) - set(feeds))!r} is missing"
    return InputError(what, remedy=f"the inputs are: {', '.join(known)}")


def _wrong_kind(spec: TensorSpec, array: Array) -> InputError:
    expected = f"{spec.name!r} must be {describe(spec)}"
    if array.dtype != np.dtype(spec.dtype):
        return InputError(f"{expected}, not {array.dtype}", remedy=f"convert it with .astype({spec.dtype!r})")
    return InputError(f"{expected}, not of shape {array.shape}", remedy=f"give it {len(spec.shape)} dimensions")


def _wrong_size(spec: TensorSpec, array: Array, sizes: Mapping[str, int]) -> InputError:
    if 0 in array.shape:
        return InputError(f"{spec.name!r} is empty: shape {array.shape}", remedy="give at least one element")
    wanted = [one if isinstance(one, int) else sizes.get(one) for one in spec.shape]
    axis, size = next((axis, size) for axis, size in enumerate(array.shape) if size != wanted[axis])
    return InputError(
        f"{spec.name!r} must be {describe(spec)}; its axis {axis} is {size}, not {wanted[axis]}",
        remedy="change the input's shape",
    )
