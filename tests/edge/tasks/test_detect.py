from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import edge
from edge.bundle import Bundle, open_bundle
from edge.errors import BundleError, InputError
from edge.manifest import Stage, Step
from edge.preprocess import PreparedImage
from edge.results import Detections
from edge.tasks.detect import Detect
from tests.support.models import box_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return open_bundle(box_bundle(tmp_path_factory.mktemp("bundles") / "boxes.edge"))


def stage_with(bundle: Bundle, **options: Any) -> Stage:
    stage = bundle.manifest.stages[0]
    boxes, labels = stage.postprocess
    return replace(stage, postprocess=(replace(boxes, options={**boxes.options, **options}), labels))


# An image of one pixel: boxes in its pixels are boxes in parts of it.
UNIT = [PreparedImage(np.zeros((3, 1, 1), np.float32), 1, 1)]


def outputs(logits: list[Any]) -> dict[str, NDArray[Any]]:
    """Query n has its box at n / 10, of width 0.2 and height 0.1."""
    boxes = [[at / 10, 0.5, 0.2, 0.1] for at in range(len(logits))]
    return {"logits": np.array([logits], np.float32), "boxes": np.array([boxes], np.float32)}


def test_boxes_are_in_pixels_of_the_image_given(bundle: Bundle) -> None:
    small, large = np.zeros((20, 30, 3), np.uint8), np.zeros((100, 60, 3), np.uint8)
    small[:, :, 2] = 255
    large[:, :, :2] = 255
    with edge.load(bundle.path, threads=1) as model:
        for results in (list(model.outcomes([small, large], batch_size=2)), [model(small), model(large)]):
            one, other = results
            assert isinstance(one, Detections)
            assert isinstance(other, Detections)
            assert (one.labels, one.boxes) == (("blue",), ((0, 0, 30, 10),))
            assert (other.labels, other.boxes) == (("red", "green"), ((0, 0, 60, 50),) * 2)
            assert one.scores[0] > 0.99
        assert model(np.zeros((9, 9, 3), np.uint8)).to_json()["boxes"] == []


def test_with_a_background_a_query_has_one_label(bundle: Bundle) -> None:
    logits = [[0.0, 9, 8, 0], [0, 0, 0, 9], [5, 0, 0, 0]]
    (result,) = Detect(stage_with(bundle, background=True), bundle, None)(outputs(logits), {}, UNIT)
    assert result.labels == ("red", "green")
    np.testing.assert_allclose(result.scores, [np.exp(5) / (np.exp(5) + 3), np.exp(9) / np.exp([0, 9, 8, 0]).sum()])
    np.testing.assert_allclose(result.boxes, [(0.1, 0.45, 0.3, 0.55), (-0.1, 0.45, 0.1, 0.55)], atol=1e-6)


def test_without_a_background_a_query_may_have_several(bundle: Bundle) -> None:
    (result,) = Detect(stage_with(bundle), bundle, None)(outputs([[3, -1, 2], [-9, -9, -9]]), {}, UNIT)
    assert result.labels == ("red", "blue")
    assert result.boxes[0] == result.boxes[1]


@pytest.mark.parametrize(("threshold", "found"), [(0.0, 3), (0.6, 2), (0.9, 1), (1.0, 0)])
def test_only_scores_over_the_threshold_are_given(bundle: Bundle, threshold: float, found: int) -> None:
    logits = [[4.0, -9, -9], [1, -9, -9], [0.0, -9, -9]]
    (result,) = Detect(stage_with(bundle, threshold=threshold), bundle, None)(outputs(logits), {}, UNIT)
    assert len(result.labels) == found
    assert list(result.scores) == sorted(result.scores, reverse=True)


@pytest.mark.parametrize(("top_k", "found"), [(1, 1), (2, 2), (9, 2)])
def test_top_k_bounds_the_boxes(bundle: Bundle, top_k: int, found: int) -> None:
    (result,) = Detect(stage_with(bundle), bundle, top_k)(outputs([[4, -9, -9], [5, -9, -9]]), {}, UNIT)
    assert len(result.boxes) == found


def test_no_boxes_at_all_are_refused(bundle: Bundle) -> None:
    with pytest.raises(InputError, match="no top 0 boxes"):
        Detect(stage_with(bundle), bundle, 0)


@pytest.mark.parametrize(
    ("options", "says"),
    [({"logits": "scores"}, "'scores'"), ({"threshold": 1.5}, "threshold"), ({"boxes": 3}, "boxes")],
)
def test_options_that_do_not_fit_are_refused(bundle: Bundle, options: dict[str, Any], says: str) -> None:
    with pytest.raises(BundleError, match=says):
        Detect(stage_with(bundle, **options), bundle, None)


def test_other_steps_are_refused(bundle: Bundle) -> None:
    stage = replace(bundle.manifest.stages[0], postprocess=(Step(kind="softmax", options={}),))
    with pytest.raises(BundleError, match="boxes and labels"):
        Detect(stage, bundle, None)


@pytest.mark.parametrize("background", [True, False])
def test_outputs_that_do_not_fit_the_labels_are_refused(bundle: Bundle, background: bool) -> None:
    detect = Detect(stage_with(bundle, background=background), bundle, None)
    with pytest.raises(BundleError, match="for 3 labels"):
        detect(outputs([[0, 0, 0, 0, 0]]), {}, UNIT)


def test_labels_that_are_missing_are_refused(tmp_path: Path) -> None:
    made = open_bundle(box_bundle(tmp_path / "boxes.edge"))
    (made.path / "labels.txt").write_bytes(b"\xff\n")
    with pytest.raises(BundleError, match=r"labels\.txt cannot be read"):
        Detect(made.manifest.stages[0], made, None)
