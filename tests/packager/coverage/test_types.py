from __future__ import annotations

import pytest
import transformers
from transformers.models.auto import modeling_auto

from packager.coverage.checkpoint import CLASSES
from packager.coverage.small import BY_TYPE
from packager.coverage.types import ACCEPTED, IMAGES, TEXTS, TYPES, ModelType
from packager.tasks.registry import find_task

MAPPINGS = {
    "image-classification": modeling_auto.MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES,
    "text-classification": modeling_auto.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES,
}


def test_every_image_classifier_of_transformers_has_a_row() -> None:
    assert list(IMAGES) == sorted(MAPPINGS["image-classification"])


def test_every_text_type_is_one_of_transformers() -> None:
    assert set(TEXTS) <= set(MAPPINGS["text-classification"])


def test_no_type_is_there_twice() -> None:
    assert len(set(TYPES)) == len(TYPES)


def test_the_tables_by_type_name_types_of_the_registry() -> None:
    assert {*BY_TYPE, *CLASSES, *ACCEPTED} <= {one.name for one in TYPES}


@pytest.mark.parametrize("one", TYPES, ids=lambda one: f"{one.task}-{one.name}")
def test_one_class_of_transformers_does_the_task(one: ModelType) -> None:
    offered = getattr(modeling_auto, f"{find_task(one.task).mapping}_NAMES").get(one.name, ())
    chosen = offered if isinstance(offered, str) else CLASSES[one.name]
    assert chosen == offered or chosen in offered or (not offered and hasattr(transformers, chosen))
