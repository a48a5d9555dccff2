"""Which of the known classes each token of a text belongs to: `logits`, (batch, sequence, classes)."""

from __future__ import annotations

from packager.tasks.host import HostTask

TOKEN_CLASSIFICATION = HostTask(
    name="token-classification",
    mapping="MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING",
    endings=("ForTokenClassification",),
    outputs={"text": ({"logits": "logits"},)},
    labels=True,
)
