"""The range of every tensor over the calibration inputs, found by onnxruntime's calibrators or by least squares.

One call of the network is in memory at a time. A first pass finds the least and greatest values; the histograms of a
second are that wide from the start, since onnxruntime's grow by the bin: one blank page first, and they would fill the
memory.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import warnings
from collections.abc import Collection, Iterable
from pathlib import Path
from textwrap import shorten
from typing import Any

import numpy as np

from edge.engines.ort import library
from edge.errors import InputError
from packager.quantise.feeds import Feed, read_feeds
from packager.quantise.onnx.mse import best_range

BINS = {"entropy": 256, "percentile": 2048, "mse": 2048}
"""Of histograms. With onnxruntime's default for entropy, as many bins as steps, there is nothing to choose from; with
512 it cuts off most of a small network's values.
"""
PERCENTILE = 99.999
LONGEST = 200
REMEDY = "look for damaged inputs; if fp32 gives such numbers, int8 cannot"


def find_ranges(model: Path, feeds: Path, method: str, kinds: Collection[str]) -> Any:
    """Find onnxruntime's TensorsData for the tensors around nodes of these types.

    `method` is min-max, entropy, percentile or mse. Raises InputError where a tensor is not finite for
    one of the feeds.
    """
    library()  # which reports nothing home
    from onnxruntime.quantization.calibrate import CalibrationMethod, TensorsData

    with tempfile.TemporaryDirectory(prefix="ranges-") as scratch, contextlib.redirect_stdout(io.StringIO()):
        widest = _collected(_calibrator("min-max", model, kinds, Path(scratch)), read_feeds(feeds)).compute_data()
        _check(widest)
        if method == "min-max":
            return widest
        calibrator = _calibrator(method, model, kinds, Path(scratch))
        _widen(calibrator, widest, BINS[method])
        _collected(calibrator, read_feeds(feeds))
        if method != "mse":
            return calibrator.compute_data()
        histograms = calibrator.collector.get_histogram_dict()
        ranges = {name: best_range(*histogram[:4]) for name, histogram in histograms.items()}
    pairs = {name: tuple(np.array(bound, np.float32) for bound in pair) for name, pair in ranges.items()}
    return TensorsData(CalibrationMethod.MinMax, pairs)


def _calibrator(method: str, model: Path, kinds: Collection[str], scratch: Path) -> Any:
    from onnxruntime.quantization.calibrate import CalibrationMethod, create_calibrator

    methods = {"min-max": CalibrationMethod.MinMax, "entropy": CalibrationMethod.Entropy}
    options = {"symmetric": False, "percentile": PERCENTILE, "num_bins": BINS.get(method, 0)}
    return create_calibrator(
        model,
        sorted(kinds),
        augmented_model_path=str(scratch / f"{method}.onnx"),
        calibrate_method=methods.get(method, CalibrationMethod.Percentile),
        use_external_data_format=model.with_name(f"{model.name}.data").exists(),
        extra_options=options,
    )


class _One:
    """A reader of one call."""

    def __init__(self, feed: Feed) -> None:
        self._feed: Feed | None = feed

    def get_next(self) -> Feed | None:
        feed, self._feed = self._feed, None
        return feed


def _collected(calibrator: Any, feeds: Iterable[Feed]) -> Any:
    with warnings.catch_warnings():
        # The calibrator would go on without a value that is NaN in some calls.
        warnings.filterwarnings("error", "All-NaN", RuntimeWarning)
        number = 0
        try:
            for number, feed in enumerate(feeds, 1):  # noqa: B007 (read where it fails)
                calibrator.collect_data(_One(feed))
        except RuntimeWarning as warning:
            raise InputError(f"the network computes NaN on calibration input {number}", remedy=REMEDY) from warning
        except Exception as error:
            said = shorten(str(error), LONGEST)
            raise InputError(
                f"the network cannot be run on calibration input {number}: {said}", remedy=REMEDY
            ) from error
    return calibrator


def _widen(calibrator: Any, widest: Any, bins: int) -> None:
    """Empty histograms that hold everything."""
    from onnxruntime.quantization.calibrate import HistogramCollector

    calibrator.collector = collector = HistogramCollector(
        method=calibrator.method,
        symmetric=False,
        num_bins=bins,
        num_quantized_bins=128,
        percentile=PERCENTILE,
        scenario="same",
    )
    for name, data in widest.items():
        low, high = (np.float32(np.reshape(bound, ())) for bound in data.range_value)
        threshold = max(abs(low), abs(high))
        edges = np.linspace(-threshold, threshold, bins + 1, dtype=np.float32)
        collector.histogram_dict[name] = (np.zeros(bins, np.int64), edges, low, high, threshold)


def _check(ranges: Any) -> None:
    for name, data in sorted(ranges.items()):
        if not np.isfinite(data.range_value).all():
            raise InputError(f"the network's value {name} is not finite on the calibration inputs", remedy=REMEDY)
