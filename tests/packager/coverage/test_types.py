from __future__ import annotations

import pytest
from transformers.models.auto import modeling_auto

from packager.coverage.checkpoint import CLASSES
from packager.coverage.small import BY_TYPE
from packager.coverage.types import ACCEPTED, IMAGES, TEXTS, TYPES

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


@pytest.mark.parametrize("one", TYPES, ids=lambda one: f"{one.task[:5]}-{one.name}")
def test_where_transformers_offers_several_classes_one_is_chosen(one: object) -> None:
    task, name = one.task, one.name  # type: ignore[attr-defined]
    offered = MAPPINGS[task][name]
    assert isinstance(offered, str) or CLASSES[name] in offered
