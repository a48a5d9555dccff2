"""Ranges of what layers are fed, measured by running the program in Paddle on the feeds; needs Paddle.

Paddle's own search for the least square error clips what is negative to 0 and keeps the range of whichever call has the
least error (`_sample_mse` in paddle/static/quantization/post_training_quantization.py), so that one faint input decides
for all. Here errors are summed over all calls, and a range is symmetric, as the int8 kernels have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVELS = 127
SHARES = np.linspace(0.1, 1.0, 37)
"""Ranges that are tried, as shares of the largest value."""
MOST_VALUES = 1 << 14
"""Of each variable in each call; more are thinned out evenly."""

Feeds = Iterable[Mapping[str, NDArray[Any]]]


class Observed:
    """A loaded program of which any variables can be read."""

    def __init__(self, model: Path) -> None:
        import paddle

        self._paddle = paddle
        self._scope = paddle.static.Scope()
        self._executor = paddle.static.Executor(paddle.CPUPlace())
        with paddle.pir_utils.OldIrGuard(), paddle.static.scope_guard(self._scope):
            self._program, _, _ = paddle.static.load_inference_model(str(model.with_suffix("")), self._executor)

    def run(self, feed: Mapping[str, NDArray[Any]], names: Sequence[str]) -> list[NDArray[Any]]:
        """The values of the variables with these names."""
        with self._paddle.pir_utils.OldIrGuard(), self._paddle.static.scope_guard(self._scope):
            found: list[NDArray[Any]] = self._executor.run(self._program, feed=dict(feed), fetch_list=list(names))
        return found

    def constants(self) -> dict[str, NDArray[Any]]:
        """Every constant's values, by name."""
        block = self._program.global_block()
        names = [var.name for var in block.vars.values() if var.persistable and var.name not in ("feed", "fetch")]
        return {name: np.array(self._scope.find_var(name).get_tensor()) for name in names}

    def replace(self, name: str, array: NDArray[Any]) -> None:
        """Give a constant other values."""
        self._scope.find_var(name).get_tensor().set(np.ascontiguousarray(array), self._paddle.CPUPlace())


def largest(observed: Observed, feeds: Feeds, names: Sequence[str]) -> dict[str, float]:
    """The largest absolute value of each variable over all calls; NaN or infinity where there is one."""
    tops = np.zeros(len(names))
    for feed in feeds:
        found = [np.abs(array).max(initial=0) for array in observed.run(feed, names)]
        tops = np.maximum(tops, found)  # which keeps NaN
    return dict(zip(names, tops.tolist(), strict=True))


def least_square_error(observed: Observed, feeds: Feeds, tops: Mapping[str, float]) -> dict[str, float]:
    """The range of each variable whose rounding to 255 levels costs the least square error over all calls."""
    names = list(tops)
    errors = {name: np.zeros(len(SHARES)) for name in names}
    for feed in feeds:
        for name, array in zip(names, observed.run(feed, names), strict=True):
            values = _thinned(array)
            errors[name] += [_square_error(values, share * tops[name]) for share in SHARES]
    return {name: float(SHARES[errors[name].argmin()] * tops[name]) for name in names}


def _square_error(values: NDArray[Any], bound: float) -> float:
    step = bound / LEVELS
    rounded = np.clip(np.rint(values / step), -LEVELS, LEVELS) * step
    return float(np.square(values - rounded, dtype=np.float64).mean())


def _thinned(array: NDArray[Any]) -> NDArray[Any]:
    flat = array.reshape(-1)
    return flat[:: -(-flat.size // MOST_VALUES)] if flat.size > MOST_VALUES else flat
