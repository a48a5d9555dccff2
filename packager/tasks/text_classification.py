"""Which of the known classes a text belongs to: `logits`, (batch, classes)."""

from __future__ import annotations

from packager.tasks.host import HostTask

TEXT_CLASSIFICATION = HostTask(
    name="text-classification",
    mapping="MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING",
    endings=("ForSequenceClassification",),
    outputs={"text": ({"logits": "logits"},)},
    labels=True,
)
