"""The tasks and the modalities, by name."""

from __future__ import annotations

from collections.abc import Mapping

from packager.errors import UnsupportedModelError
from packager.tasks.feature_extraction import FEATURE_EXTRACTION
from packager.tasks.host import HostTask
from packager.tasks.image_classification import IMAGE_CLASSIFICATION
from packager.tasks.image_inputs import IMAGE
from packager.tasks.image_to_text import IMAGE_TO_TEXT
from packager.tasks.modality import Modality
from packager.tasks.object_detection import OBJECT_DETECTION
from packager.tasks.prefix_inputs import PREFIX
from packager.tasks.tensors import TENSORS
from packager.tasks.text_classification import TEXT_CLASSIFICATION
from packager.tasks.text_detection import TEXT_DETECTION
from packager.tasks.text_inputs import TEXT
from packager.tasks.text_recognition import TEXT_RECOGNITION
from packager.tasks.token_classification import TOKEN_CLASSIFICATION

TASKS: Mapping[str, HostTask] = {
    task.name: task
    for task in (
        IMAGE_CLASSIFICATION,
        TEXT_CLASSIFICATION,
        TOKEN_CLASSIFICATION,
        IMAGE_TO_TEXT,
        FEATURE_EXTRACTION,
        OBJECT_DETECTION,
        TEXT_DETECTION,
        TEXT_RECOGNITION,
        TENSORS,
    )
}
MODALITIES: Mapping[str, Modality] = {modality.name: modality for modality in (TEXT, IMAGE, PREFIX)}


def find_task(name: str) -> HostTask:
    """The task of that name; raises UnsupportedModelError that lists the known ones."""
    if name not in TASKS:
        raise UnsupportedModelError(f"the task {name!r} is not known", remedy=f"known tasks: auto, {', '.join(TASKS)}")
    return TASKS[name]


def task_of_class(architecture: str) -> HostTask | None:
    """The task that a class of transformers does, by the end of its name; None where it is none of ours."""
    return next(
        (t for t in TASKS.values() if architecture.endswith(t.endings) and not architecture.endswith(t.others)), None
    )


def modality_of(main_input: str) -> Modality | None:
    """The modality whose first input transformers calls so."""
    return next((one for one in MODALITIES.values() if one.main_input == main_input), None)
