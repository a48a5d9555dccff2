"""What an image says, token by token: an encoder and a decoder, two stages of one bundle.

`encoder` makes `encoder_hidden_states`, (batch, positions, width), of an image; `decoder` takes them with the tokens so
far and gives `logits`, (batch, vocabulary), the scores of the next one. There is no cache: every step reads all tokens.
"""

from __future__ import annotations

from packager.tasks.host import HostTask

IMAGE_TO_TEXT = HostTask(
    name="image-to-text",
    mapping="MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING",
    endings=("VisionEncoderDecoderModel",),
    outputs={
        "image": ({"encoder_hidden_states": "encoder_hidden_states"},),
        "prefix": ({"logits": "logits"},),
    },
    parts={"encoder": "image", "decoder": "prefix"},
    strokes=True,
)
