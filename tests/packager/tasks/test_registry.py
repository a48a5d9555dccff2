from __future__ import annotations

import pytest

from packager.errors import UnsupportedModelError
from packager.tasks.registry import TASKS, find_task, modality_of, task_of_class


@pytest.mark.parametrize(
    ("architecture", "task"),
    [
        ("ResNetForImageClassification", "image-classification"),
        ("DeiTForImageClassificationWithTeacher", "image-classification"),
        ("XLMRobertaForSequenceClassification", "text-classification"),
        ("BertForMaskedLM", "feature-extraction"),
        ("ViTModel", "feature-extraction"),
        ("PPOCRV5ServerDetForObjectDetection", "text-detection"),
        ("PPOCRV6TinyRecForTextRecognition", "text-recognition"),
        ("GPT2LMHeadModel", None),
        ("GPT2DoubleHeadsModel", None),
        ("BertForMultipleChoice", None),
    ],
)
def test_a_class_says_its_task(architecture: str, task: str | None) -> None:
    found = task_of_class(architecture)
    assert (found and found.name) == task


def test_a_miss_lists_what_there_is() -> None:
    with pytest.raises(UnsupportedModelError) as caught:
        find_task("nothing")
    assert all(name in caught.value.remedy for name in TASKS)
    assert modality_of("input_features") is None
