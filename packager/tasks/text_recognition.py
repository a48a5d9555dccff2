"""Which characters an image of one line shows: `scores`, (batch, width / 8, characters), a probability for each.

Character 0 is CTC's blank (Graves et al., 2006). The height is the processor's; the width is a multiple of the eight
pixels that one column of scores stands for.
"""

from __future__ import annotations

from packager.tasks.host import HostTask
from packager.tasks.plan import Axis

COLUMN = 8
LARGEST = 4096

TEXT_RECOGNITION = HostTask(
    name="text-recognition",
    mapping="MODEL_FOR_TEXT_RECOGNITION_MAPPING",
    endings=("ForTextRecognition",),
    outputs={"image": ({"scores": "last_hidden_state"},)},
    sizes=(Axis(name="width", minimum=4 * COLUMN, maximum=LARGEST, multiple=COLUMN),),
    strokes=True,
)
