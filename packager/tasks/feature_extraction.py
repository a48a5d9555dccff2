"""A vector for a text or an image.

For a text the network gives `last_hidden_state`, (batch, sequence, features): pooling happens on the device, which
knows the mask. For an image it gives `pooler_output` where the network has one with trained weights, `image_embeds`
where a projection follows into a space that images share with texts, else `last_hidden_state`. Of a network that reads
images and texts it is the half for images.
"""

from __future__ import annotations

from packager.tasks.host import HostTask

FEATURE_EXTRACTION = HostTask(
    name="feature-extraction",
    mapping="MODEL_MAPPING",
    # A head for filling in masks leaves an encoder that is worth having; other heads have a task of their own.
    endings=("Model", "ForMaskedLM", "ForPreTraining", "ForMaskedImageModeling"),
    others=("HeadModel", "HeadsModel"),
    outputs={
        "text": ({"last_hidden_state": "last_hidden_state"},),
        "image": (
            {"pooler_output": "pooler_output"},
            {"image_embeds": "image_embeds"},
            {"last_hidden_state": "last_hidden_state"},
        ),
    },
)
