from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.bundle import Bundle, open_bundle
from edge.errors import BundleError, InputError
from edge.tasks.classify import Classify
from tests.support.models import colour_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return open_bundle(colour_bundle(tmp_path_factory.mktemp("bundles") / "colour.edge"))


def logits(*rows: list[float]) -> dict[str, NDArray[np.float32]]:
    return {"logits": np.array(rows, np.float32)}


def test_best_labels_come_first_and_ties_in_order(bundle: Bundle) -> None:
    classify = Classify(bundle.manifest.stages[0], bundle, None)
    first, second = classify(logits([0, 1, 3], [2, 2, 2]), {})
    assert first.labels == ("blue", "green")
    assert second.labels == ("red", "green")
    np.testing.assert_allclose(first.scores, np.exp([3, 1]) / np.exp([0, 1, 3]).sum(), rtol=1e-6)


@pytest.mark.parametrize(("top_k", "shown"), [(1, 1), (3, 3), (99, 3), (None, 2)])
def test_top_k_replaces_the_manifests(bundle: Bundle, top_k: int | None, shown: int) -> None:
    (result,) = Classify(bundle.manifest.stages[0], bundle, top_k)(logits([0, 1, 3]), {})
    assert len(result.labels) == len(result.scores) == shown


@pytest.mark.parametrize("top_k", [0, -1])
def test_no_labels_at_all_are_refused(bundle: Bundle, top_k: int) -> None:
    with pytest.raises(InputError, match="no top"):
        Classify(bundle.manifest.stages[0], bundle, top_k)


def test_labels_that_do_not_fit_the_logits_are_refused(bundle: Bundle) -> None:
    with pytest.raises(BundleError, match="4 scores for 3 labels"):
        Classify(bundle.manifest.stages[0], bundle, None)(logits([0, 1, 3, 4]), {})


def test_steps_without_labels_are_refused(bundle: Bundle) -> None:
    stage = bundle.manifest.stages[0]
    with pytest.raises(BundleError, match="labels and top_k"):
        Classify(replace(stage, postprocess=stage.postprocess[:2]), bundle, None)


def test_labels_that_are_no_text_are_refused(tmp_path: Path) -> None:
    made = open_bundle(colour_bundle(tmp_path / "colour.edge"))
    (made.path / "labels.txt").write_bytes(b"\xff\xfe\n")
    with pytest.raises(BundleError, match=r"labels\.txt cannot be read"):
        Classify(made.manifest.stages[0], made, None)
