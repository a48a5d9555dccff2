"""What an image shows and where: `logits`, (batch, queries, classes), and `boxes`, (batch, queries, 4).

The networks are DETR's kin: each query gives one box, as centre, width and height in parts of the image.
"""

from __future__ import annotations

from packager.tasks.host import HostTask

OBJECT_DETECTION = HostTask(
    name="object-detection",
    mapping="MODEL_FOR_OBJECT_DETECTION_MAPPING",
    endings=("ForObjectDetection",),
    others=("DetForObjectDetection",),
    outputs={"image": ({"logits": "logits", "boxes": "pred_boxes"},)},
    labels=True,
)
