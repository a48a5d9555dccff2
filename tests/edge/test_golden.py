from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.bundle import Bundle, open_bundle
from edge.errors import BundleError
from edge.golden import Golden, deviation, read_golden
from tests.support.bundles import FIXTURE, copy_bundle, reseal


def expecting(expected: Any, valid: Any = None) -> Golden:
    masks = {} if valid is None else {"y": np.asarray(valid, bool)}
    return Golden(file="golden/1.npz", inputs={}, outputs={"y": np.asarray(expected, np.float32)}, valid=masks)


def test_the_fixtures_vectors_are_read() -> None:
    bundle = open_bundle(FIXTURE)
    one, three = read_golden(bundle, bundle.manifest.stages[0])
    assert one.inputs["x"].shape == (1, 4)
    assert three.outputs["y"].shape == (3, 3)
    assert three.inputs["ids"].dtype == np.int64


def test_the_worst_element_is_found() -> None:
    found = deviation(expecting([[1.0, 2.0], [3.0, 4.0]]), "y", np.array([[1.0, 2.5], [3.0, 4.25]], np.float32))
    assert (found.error, found.element, found.got, found.expected) == (0.5, (0, 1), 2.5, 2.0)


def test_elements_that_do_not_count_are_left_out() -> None:
    got = np.array([[1.0, 9.0], [7.0, 4.0]], np.float32)
    assert deviation(expecting([[1.0, 9.0], [3.0, 4.0]], valid=[True, False]), "y", got).error == 0
    assert deviation(expecting([[1.0, 2.0], [3.0, 4.0]], valid=[[True, False], [False, True]]), "y", got).error == 0
    assert deviation(expecting([[1.0, 2.0], [3.0, 4.0]], valid=[False, True]), "y", got).error == 4


@pytest.mark.parametrize(
    ("got", "expected", "error"),
    [
        ([math.nan], [1.0], math.inf),
        ([1.0], [math.nan], math.inf),
        ([math.inf], [1.0], math.inf),
        ([math.inf], [math.inf], 0.0),
        ([-math.inf], [math.inf], math.inf),
        ([math.nan], [math.nan], 0.0),
        ([1.0, 1.0], [1.0], math.inf),
        ([[1.0]], [1.0], math.inf),
    ],
)
def test_what_is_not_finite_or_of_another_shape_is_never_close(got: Any, expected: Any, error: float) -> None:
    assert deviation(expecting(expected), "y", np.asarray(got, np.float32)).error == error


def test_scalars_and_whole_numbers_have_deviations_too() -> None:
    golden = Golden(file="", inputs={}, outputs={"y": np.array(7, np.uint8)}, valid={})
    assert deviation(golden, "y", np.array(9, np.uint8)).error == 2
    assert deviation(golden, "y", np.array(5, np.uint8)).error == 2


def changed(folder: Path, **arrays: Any) -> Bundle:
    path = copy_bundle(folder)
    with np.load(path / "golden/batch-1.npz") as file:
        kept = {name: file[name] for name in file.files}
    for name, value in arrays.items():
        kept[name.replace("_", ":")] = value
    with (path / "golden/batch-1.npz").open("wb") as out:
        np.savez(out, **{name: value for name, value in kept.items() if value is not None})
    reseal(path)
    return open_bundle(path)


@pytest.mark.parametrize(
    "arrays",
    [
        {"in_x": None},
        {"out_y": None},
        {"in_other": np.zeros(1)},
        {"valid_other": np.ones(1, bool)},
        {"valid_y": np.ones(7, bool)},
        {"out_y": np.array([None])},
    ],
)
def test_vectors_that_do_not_fit_the_stage_are_the_bundles_fault(tmp_path: Path, arrays: dict[str, Any]) -> None:
    bundle = changed(tmp_path, **arrays)
    with pytest.raises(BundleError, match="batch-1"):
        read_golden(bundle, bundle.manifest.stages[0])
