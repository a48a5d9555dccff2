"""Which of the known classes an image shows: `logits`, (batch, classes)."""

from __future__ import annotations

from packager.tasks.host import HostTask

IMAGE_CLASSIFICATION = HostTask(
    name="image-classification",
    mapping="MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING",
    endings=("ForImageClassification", "ForImageClassificationWithTeacher"),
    # PP-LCNet calls its scores otherwise than all the others.
    outputs={"image": ({"logits": "logits"}, {"logits": "last_hidden_state"})},
    labels=True,
)
