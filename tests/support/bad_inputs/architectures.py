"""Networks that are whole and harmless, and still cannot be built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.models.card import write_card, write_image_settings
from tests.support.bad_inputs.attempt import Attempt, Materials, build

if TYPE_CHECKING:
    from transformers import PreTrainedModel

SIDE = 32


def data_dependent_branch(at: Materials) -> Attempt:
    """SuperPoint keeps the best of the points that it finds, and how many it finds only a picture can tell."""
    from transformers import SuperPointConfig, SuperPointForKeypointDetection

    sizes = {"decoder_hidden_size": 8, "descriptor_decoder_dim": 8, "max_keypoints": 4}
    config = SuperPointConfig(encoder_hidden_sizes=[8, 8, 8, 8], **sizes)
    return _build(at, SuperPointForKeypointDetection(config), "--shape", "batch=1")


def operator_without_lowering(at: Materials) -> Attempt:
    """ViTMAE hides patches at random, each time others."""
    from transformers import ViTMAEConfig, ViTMAEModel

    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    return _build(at, ViTMAEModel(ViTMAEConfig(image_size=SIDE, patch_size=16, **sizes)))


def larger_than_memory(at: Materials) -> Attempt:
    """A configuration of 800 GiB beside the few weights of a small one: reading them would end in another message."""
    from transformers import ViTConfig, ViTForImageClassification

    sizes = {"hidden_size": 16, "num_hidden_layers": 4, "num_attention_heads": 2, "intermediate_size": 16}
    attempt = _build(at, ViTForImageClassification(ViTConfig(image_size=SIDE, patch_size=16, **sizes)))
    sizes |= {"hidden_size": 1 << 16, "intermediate_size": 1 << 18}
    ViTConfig(image_size=SIDE, patch_size=16, **sizes).save_pretrained(at.scratch / "network")
    return attempt


def _build(at: Materials, network: PreTrainedModel, *options: str) -> Attempt:
    folder = at.scratch / "network"
    network.save_pretrained(folder)
    write_card(folder)
    write_image_settings(folder, SIDE)
    return build(at, folder, "--task", "tensors", *options)
