from __future__ import annotations

import pytest
import transformers

from packager.capture.tower import image_tower


@pytest.mark.parametrize(
    ("config", "both", "tower"),
    [
        (transformers.CLIPConfig(), "CLIPModel", "CLIPVisionModelWithProjection"),
        (transformers.SiglipConfig(), "SiglipModel", "SiglipVisionModel"),
    ],
)
def test_of_two_halves_the_one_for_images_is_taken(
    config: transformers.PretrainedConfig, both: str, tower: str
) -> None:
    found, model_class = image_tower(config, getattr(transformers, both))
    assert model_class is getattr(transformers, tower)
    assert found is config.vision_config


@pytest.mark.parametrize(
    ("config", "name"),
    [
        (transformers.ViTConfig(), "ViTModel"),
        (transformers.BertConfig(), "BertModel"),
        (transformers.CLIPVisionConfig(), "CLIPVisionModel"),
        (transformers.CLIPConfig(), "CLIPForImageClassification"),
        # transformers' table of types does not know its tower.
        (transformers.AltCLIPConfig(), "AltCLIPModel"),
    ],
)
def test_any_other_network_stays_as_it_is(config: transformers.PretrainedConfig, name: str) -> None:
    model_class = getattr(transformers, name)
    assert image_tower(config, model_class) == (config, model_class)
