"""Makes a configuration small: a table of sizes by the name that configurations give them, then a table by type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LABELS = 7
SIDE = 64
VOCABULARY = 200
# Long enough for every sample of a text (128 tokens), also where positions start behind the padding id.
POSITIONS = 160

SIZES: Mapping[str, int] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "embedding_size": 16,
    "embed_dim": 16,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": POSITIONS,
    "n_positions": POSITIONS,
    "image_size": SIDE,
    "num_queries": 10,
    "num_detection_tokens": 10,
    "num_patches": (SIDE // 16) ** 2,
    "window_size": 4,
    "pooler_output_size": 32,
    "pooler_hidden_size": 32,
    "d_model": 32,
    "d_ff": 64,
    "d_kv": 16,
    "d_inner": 64,
    "d_head": 16,
    "n_embd": 32,
    "n_layer": 2,
    "n_layers": 2,
    "n_head": 2,
    "n_heads": 2,
    "num_heads": 2,
    "num_layers": 2,
    "num_decoder_layers": 2,
    "dim": 32,
    "emb_dim": 32,
    "hidden_dim": 64,
    "ffn_dim": 64,
    "word_embed_proj_dim": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "projection_dim": 32,
    "projection_size": 32,
}

WIDTHS = (16, 32, 32, 64, 64)
HEADS = (1, 2, 2, 4, 4)
DEEPEST = 2
LISTS: Mapping[str, tuple[int, ...]] = {
    "hidden_sizes": WIDTHS,
    "embed_dims": WIDTHS,
    "embed_dim": WIDTHS,
    "num_attention_heads": HEADS,
    "num_heads": HEADS,
}
DEPTHS = ("depths", "depth", "block_sizes")
NESTED = ("text_config", "vision_config")

# Three stages: at the fourth of an image this small nothing is left for a whole window.
WINDOWS = {"depths": [2, 2, 2], "num_heads": [1, 2, 4]}

PYRAMID = {"out_features": ["stage1", "stage2", "stage3", "stage4"]}
RESNET: dict[str, Any] = {
    "model_type": "resnet",
    "embedding_size": 8,
    "hidden_sizes": [8, 16, 24, 32],
    "depths": [1, 1, 1, 1],
}
HGNET: dict[str, Any] = {
    "depths": [1, 1, 1, 1],
    "hidden_sizes": [16, 32, 48, 64],
    "stem_channels": [3, 8, 16],
    "stage_in_channels": [16, 16, 32, 48],
    "stage_mid_channels": [8, 8, 16, 16],
    "stage_out_channels": [16, 32, 48, 64],
    "stage_num_blocks": [1, 1, 1, 1],
    "stage_numb_of_layers": [2, 2, 2, 2],
}
# RT-DETR and its kin: three levels of a backbone, all brought to one width.
LEVELS = {"encoder_hidden_dim": 32, "decoder_in_channels": [32, 32, 32]}
RT_DETR = LEVELS | {
    "backbone_config": RESNET | {"model_type": "rt_detr_resnet", "out_features": ["stage2", "stage3", "stage4"]},
    "encoder_in_channels": RESNET["hidden_sizes"][1:],
}
LAYOUT = LEVELS | {
    "backbone_config": {"model_type": "hgnet_v2", "out_features": ["stage2", "stage3", "stage4"], **HGNET},
    "encoder_in_channels": HGNET["stage_out_channels"][1:],
}
# A recogniser's backbone halves the height more often than the width: strides (height, width) of 16 and 4 in all.
ALONG_LINES = {
    "stem_strides": [2, 1, 1, 1, 1],
    "stage_downsample": [True, True, True, True],
    "stage_downsample_strides": [[2, 1], [1, 2], [2, 1], [2, 1]],
}


def _lcnet_v3(*strides: Any) -> dict[str, Any]:
    """Five stages with these strides; blocks are (kernel, channels in and out, stride, squeeze-and-excitation)."""
    widths = (16, 16, 16, 24, 24, 32)
    blocks = [
        [[5, before, after, stride, at == 4], [3, after, after, 1, False]]
        for at, (before, after, stride) in enumerate(zip(widths, widths[1:], strides, strict=False))
    ]
    return {"stem_channels": 16, "block_configs": blocks, "conv_symmetric_num": 2}


def _lcnet_v4(*strides: Any) -> dict[str, Any]:
    """The same with four stages."""
    blocks = [[[3, 16, 16, stride, at % 2 == 0], [3, 16, 16, 1, False]] for at, stride in enumerate(strides)]
    return {"stem_channels": [3, 8, 16], "block_configs": blocks}


# Kernel, stride and padding of the convolutions that PP-OCR's detectors look along lines with.
INTRACLASS = {"reduce_channel": [1, 1, 0], "return_channel": [1, 1, 0]} | {
    f"{direction}_{name}ratio": [[high, wide], [1, 1], [high // 2, wide // 2]]
    for name, size in (("long", 7), ("mid", 5), ("short", 3))
    for direction, high, wide in (
        ("vertical_long_to_small_conv", size, 1),
        ("horizontal_small_to_long_conv", 1, size),
        ("symmetric_conv_long", size, size),
    )
}
LARGE_DETECTOR = {
    "neck_out_channels": 32,
    "intraclass_block_config": INTRACLASS,
    "scale_factor_list": [1, 2, 4, 8],
    "kernel_list": [3, 2, 2],
}
SMALL_DETECTOR = {"neck_out_channels": 16, "layer_list_out_channels": [16, 16, 16, 16]}
# Characters enough for a softmax with a spread.
RECOGNISER = {"hidden_size": 16, "num_attention_heads": 2, "head_out_channels": 40}

BY_TYPE: Mapping[str, Mapping[str, Any]] = {
    "bit": {"num_groups": 4, "embedding_size": 8},
    "canine": {"vocab_size": VOCABULARY, "num_hash_buckets": POSITIONS},
    "bloom": {"hidden_size": 32},
    "cvt": {"depth": [1, 2, 3]},
    "detr": {"backbone_config": RESNET | {"out_features": ["stage4"]}},
    "dinov2": {"image_size": 56},
    "donut-swin": WINDOWS,
    "efficientnet": {
        "width_coefficient": 0.25,
        "depth_coefficient": 0.3,
        "hidden_dim": 320,
        "depthwise_padding": [],
        "num_labels": LABELS,
    },
    "esm": {"vocab_size": 33, "pad_token_id": 1, "mask_token_id": 32, "position_embedding_type": "rotary"},
    "hgnet_v2": {
        "stem_channels": [3, 8, 16],
        "stage_in_channels": [16, 32, 48, 64],
        "stage_mid_channels": [8, 8, 16, 16],
        "stage_out_channels": [32, 48, 64, 64],
        "stage_num_blocks": [1, 1, 2, 1],
        "stage_numb_of_layers": [2, 2, 2, 2],
    },
    "hiera": {"image_size": [SIDE, SIDE], "num_heads": [1, 2, 4, 8]},
    "levit": {"key_dim": [8, 8, 8]},
    "lilt": {"hidden_size": 48},  # six tables of coordinates side by side
    "longformer": {"attention_window": 16},
    "big_bird": {"attention_type": "original_full"},
    "luke": {"entity_vocab_size": 50, "entity_emb_size": 16},
    "mobilebert": {
        "hidden_size": 32,
        "intra_bottleneck_size": 16,
        "embedding_size": 16,
        "num_feedforward_networks": 2,
    },
    "mobilenet_v1": {"depth_multiplier": 0.25},
    "mobilenet_v2": {"depth_multiplier": 0.25},
    "mobilevit": {"neck_hidden_sizes": [8, 16, 16, 24, 24, 32, 64], "hidden_sizes": [16, 24, 32]},
    "mobilevitv2": {"width_multiplier": 0.5, "base_attn_unit_dims": [32, 32, 64], "n_attn_blocks": [1, 1, 1]},
    "modernbert": {"layer_types": ["full_attention", "sliding_attention"], "local_attention": 16},
    "nystromformer": {"num_landmarks": 8, "segment_means_seq_len": 8},
    "perceiver": {
        "num_latents": 8,
        "d_latents": 32,
        "num_self_attends_per_block": 2,
        "num_self_attention_heads": 2,
        "num_cross_attention_heads": 2,
    },
    "pp_doclayout_v2": LAYOUT
    | {
        "class_thresholds": [0.5] * LABELS,
        "class_order": list(range(LABELS)),
        "reading_order_config": {
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_attention_heads": 2,
            "num_hidden_layers": 2,
            "coordinate_size": 6,
            "shape_size": 4,
        },
    },
    "pp_doclayout_v3": LAYOUT
    | {
        "backbone_config": {"model_type": "hgnet_v2", **PYRAMID, **HGNET},
        "x4_feat_dim": HGNET["stage_out_channels"][0],
        "mask_feature_channels": [16, 16],
    },
    "pp_lcnet": {"scale": 0.25},
    "pp_lcnet_v3": _lcnet_v3(1, 2, 2, 2, 2),
    "pp_lcnet_v4": _lcnet_v4(1, 2, 2, 2),
    "pp_ocrv5_mobile_det": SMALL_DETECTOR
    | {
        "backbone_config": {
            "model_type": "pp_lcnet_v3",
            "out_features": ["stage2", "stage3", "stage4", "stage5"],
            **_lcnet_v3(1, 2, 2, 2, 2),
        }
    },
    "pp_ocrv5_mobile_rec": RECOGNISER
    | {
        "backbone_config": {
            "model_type": "pp_lcnet_v3",
            "out_features": ["stage2", "stage3", "stage4", "stage5"],
            **_lcnet_v3(1, [2, 1], [2, 1], [1, 2], [2, 1]),
        }
    },
    "pp_ocrv5_server_det": LARGE_DETECTOR | {"backbone_config": {"model_type": "hgnet_v2", **PYRAMID, **HGNET}},
    "pp_ocrv5_server_rec": RECOGNISER
    | {"backbone_config": {"model_type": "hgnet_v2", **PYRAMID, **HGNET, **ALONG_LINES}},
    "pp_ocrv6_medium_det": LARGE_DETECTOR
    | {"backbone_config": {"model_type": "pp_lcnet_v4", **PYRAMID, **_lcnet_v4(1, 2, 2, 2)}},
    "pp_ocrv6_small_det": SMALL_DETECTOR
    | {"backbone_config": {"model_type": "pp_lcnet_v4", **PYRAMID, **_lcnet_v4(1, 2, 2, 2)}},
    "pp_ocrv6_small_rec": RECOGNISER
    | {"backbone_config": {"model_type": "pp_lcnet_v4", **PYRAMID, **_lcnet_v4(1, 1, [2, 1], [2, 1])}},
    "pp_ocrv6_tiny_rec": {
        "hidden_size": 16,
        "head_out_channels": 40,
        "backbone_config": {"model_type": "pp_lcnet_v4", **PYRAMID, **_lcnet_v4(1, 1, [2, 1], [2, 1])},
    },
    "pvt_v2": {"image_size": [SIDE, SIDE]},
    "qwen2": {"layer_types": ["full_attention", "full_attention"]},
    "qwen3": {"layer_types": ["full_attention", "full_attention"]},
    "regnet": {"groups_width": 8, "embedding_size": 16},
    "rt_detr": RT_DETR,
    "rt_detr_v2": RT_DETR,
    "rembert": {"input_embedding_size": 16, "output_embedding_size": 16},
    "roc_bert": {
        "pronunciation_vocab_size": VOCABULARY,
        "shape_vocab_size": VOCABULARY,
        "pronunciation_embed_dim": 32,
        "shape_embed_dim": 32,
    },
    "slanet": {
        "backbone_config": {
            "model_type": "pp_lcnet",
            "out_features": [f"stage{at}" for at in range(2, 6)],
            "scale": 0.25,
        },
        "hidden_size": 16,
        "post_conv_out_channels": 16,
        "out_channels": 12,
        "max_text_length": 7,
    },
    "squeezebert": {"embedding_size": 32},
    "swin": WINDOWS,
    "swinv2": WINDOWS | {"pretrained_window_sizes": [0, 0, 0]},
    "t5": {"decoder_start_token_id": 0},
    "textnet": {"image_size": [SIDE, SIDE], "stem_out_channels": 8, "hidden_sizes": [8, 8, 16, 24, 32]},
    "uvdoc": {
        "backbone_config": {
            "model_type": "uvdoc_backbone",
            "out_features": [f"stage{at}" for at in range(1, 4)],
            "resnet_head": [[3, 8], [8, 8]],
            "resnet_configs": [[[8, 8, 1, False]], [[8, 16, 1, True]], [[16, 16, 1, True], [16, 16, 3, False]]],
            "stage_configs": [[[16, 1]], [[16, 5]], [[16, 8], [16, 3], [16, 2]]],
        },
        "bridge_connector": [16, 16],
        "out_point_positions2D": [[16, 8], [8, 2]],
    },
    "xmod": {"default_language": "en_XX"},
    "yolos": {"image_size": [SIDE, SIDE]},
    "yoso": {"use_expectation": True},
}
"""What the general table gets wrong for a type: sizes that must fit each other, and what only that type has."""


def small(name: str, usual: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that make the type `name` small, from the values `usual` of its default configuration."""
    return _shrunk(usual) | {"num_labels": LABELS} | dict(BY_TYPE.get(name, {}))


def _shrunk(usual: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    vocabulary = VOCABULARY if "vocab_size" in usual else 0
    for key, value in usual.items():
        if isinstance(value, dict) and key in NESTED:
            made[key] = _shrunk(value)
        elif isinstance(value, list) and key in DEPTHS:
            made[key] = [min(depth, DEEPEST) for depth in value]
        elif isinstance(value, list) and key in LISTS and len(value) <= len(LISTS[key]):
            made[key] = list(LISTS[key][: len(value)])
        elif isinstance(value, int) and not isinstance(value, bool) and key in SIZES:
            made[key] = SIZES[key]
        elif key == "pad_token_id" and value is None and vocabulary:
            made[key] = 0  # a decoder finds the last word of a padded text by it
        elif key.endswith("_token_id") and isinstance(value, int) and 0 < vocabulary <= value:
            made[key] = 3
    return made
