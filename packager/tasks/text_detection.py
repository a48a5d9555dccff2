"""Where an image shows text: `scores`, (batch, 1, height, width), the probability of text at each pixel.

The networks halve the image five times and put it together again, so both sizes are multiples of 32. transformers
counts them among the object detectors, although they give neither labels nor boxes.
"""

from __future__ import annotations

from packager.tasks.host import HostTask
from packager.tasks.plan import Axis

STRIDE = 32
LARGEST = 4096

TEXT_DETECTION = HostTask(
    name="text-detection",
    mapping="MODEL_FOR_OBJECT_DETECTION_MAPPING",
    endings=("DetForObjectDetection",),
    outputs={"image": ({"scores": "last_hidden_state"},)},
    sizes=tuple(Axis(name=name, minimum=STRIDE, maximum=LARGEST, multiple=STRIDE) for name in ("height", "width")),
    strokes=True,
)
