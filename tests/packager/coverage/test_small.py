from __future__ import annotations

from packager.coverage.small import LABELS, SIDE, VOCABULARY, small


def test_sizes_become_small_and_the_rest_stays_as_it_is() -> None:
    usual = {"hidden_size": 768, "hidden_act": "gelu", "image_size": 224, "layer_norm_eps": 1e-12, "patch_size": 16}
    assert small("vit", usual) == {"hidden_size": 32, "image_size": SIDE, "num_labels": LABELS}


def test_lists_keep_their_length() -> None:
    made = small("pvt", {"depths": [1, 6, 2, 3], "hidden_sizes": [64, 128, 320, 512], "num_attention_heads": [1, 2, 5]})
    assert made["depths"] == [1, 2, 2, 2]
    assert [len(made[key]) for key in ("hidden_sizes", "num_attention_heads")] == [4, 3]
    assert all(
        width % heads == 0 for width, heads in zip(made["hidden_sizes"], made["num_attention_heads"], strict=False)
    )


def test_nested_configurations_become_small_too() -> None:
    assert small("clip", {"vision_config": {"hidden_size": 768, "patch_size": 32}})["vision_config"] == {
        "hidden_size": 32
    }


def test_special_ids_stay_within_the_vocabulary() -> None:
    made = small("modernbert", {"vocab_size": 50368, "pad_token_id": None, "cls_token_id": 50281, "bos_token_id": 1})
    assert made["vocab_size"] == VOCABULARY
    assert (made["pad_token_id"], made["cls_token_id"]) == (0, 3)
    assert "bos_token_id" not in made


def test_a_type_of_its_own_wins_over_the_general_table() -> None:
    assert small("dinov2", {"image_size": 224})["image_size"] == 56


def test_flags_are_no_sizes() -> None:
    assert "num_layers" not in small("vit", {"num_layers": True})
