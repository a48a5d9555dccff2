"""Which rewrites of the inputs a network allows: tried on numbers, and kept only where nothing changes."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from packager.capture.wrapper import MASK, Captive, Rewrites
from packager.tasks.host import Fields
from packager.tasks.modality import Feeds
from packager.tasks.plan import InputPlan

if TYPE_CHECKING:
    from transformers import PreTrainedModel

NEUTRAL = ("token_type_ids", "task_type_ids")
# The rewritten scores differ only where softmax gives exactly zero, so the outputs are equal but for the order of sums.
CLOSE = 1e-6


def candidates(model: PreTrainedModel, plan: Sequence[InputPlan], *, whole_loops: bool = False) -> tuple[Rewrites, ...]:
    """Rewrites worth trying, the best first, none at all last; each with `whole_loops` as given."""
    names = [one.name for one in plan]
    accepted = inspect.signature(model.forward).parameters
    neutral = tuple(name for name in NEUTRAL if name in accepted and name not in names)
    masks = (True, False) if MASK in names else (False,)
    both = [Rewrites(mask, ids, whole_loops) for mask in masks for ids in ([neutral, ()] if neutral else [()])]
    return tuple(both)


def choose_rewrites(
    model: PreTrainedModel,
    plan: Sequence[InputPlan],
    outputs: Fields,
    feeds: Feeds,
    valid: NDArray[np.bool_] | None,
    *,
    whole_loops: bool = False,
) -> Rewrites:
    """The first candidate that gives the plain call's outputs at all positions that count."""
    *tried, plain = candidates(model, plan, whole_loops=whole_loops)
    if not tried:
        return plain
    names = [one.name for one in plan]
    expected = _call(model, names, outputs, plain, feeds)
    return next((one for one in tried if _equal(model, names, outputs, one, feeds, expected, valid)), plain)


def _equal(
    model: PreTrainedModel,
    names: Sequence[str],
    outputs: Fields,
    rewrites: Rewrites,
    feeds: Feeds,
    expected: Sequence[NDArray[Any]],
    valid: NDArray[np.bool_] | None,
) -> bool:
    try:
        found = _call(model, names, outputs, rewrites, feeds)
    except (RuntimeError, ValueError, TypeError, IndexError, AssertionError, NotImplementedError):
        return False  # this network wants its masks and ids in their usual shape
    return all(_close(a, b, valid) for a, b in zip(found, expected, strict=True))


def _close(found: NDArray[Any], expected: NDArray[Any], valid: NDArray[np.bool_] | None) -> bool:
    if found.shape != expected.shape:
        return False
    if valid is not None and expected.ndim > 2 and expected.shape[:2] == valid.shape:
        found, expected = found[valid], expected[valid]
    return bool(np.max(np.abs(found - expected), initial=0.0) <= CLOSE * np.max(np.abs(expected), initial=0.0))


def _call(
    model: PreTrainedModel, names: Sequence[str], outputs: Fields, rewrites: Rewrites, feeds: Feeds
) -> tuple[NDArray[Any], ...]:
    tensors = [torch.from_numpy(np.ascontiguousarray(feeds[name])) for name in names]
    with torch.no_grad():
        return tuple(one.numpy() for one in Captive(model, names, outputs, rewrites)(*tensors).values())
