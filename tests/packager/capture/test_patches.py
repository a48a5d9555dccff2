from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
import transformers
from transformers.models.siglip2.image_processing_pil_siglip2 import Siglip2ImageProcessorPil

from edge.preprocess.images import decode
from edge.preprocess.steps import PixelPipeline
from packager.capture.patches import take_pictures
from packager.tasks.images import image_steps

# The table of positions has 4 × 4 rows, the picture 6 × 6 patches of 8 × 8 pixels.
VISION = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "patch_size": 8,
    "num_patches": 16,
}
PROCESSOR = {"image_processor_type": "Siglip2ImageProcessor", "patch_size": 8, "max_num_patches": 36}


def test_a_square_picture_gives_what_patches_of_transformers_give(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = transformers.Siglip2Config(vision_config=VISION, num_labels=5)
    model = transformers.Siglip2ForImageClassification(config).eval()
    pixels = np.random.default_rng(0).integers(0, 256, (90, 90, 3), dtype=np.uint8)
    theirs = Siglip2ImageProcessorPil(patch_size=8, max_num_patches=36)(pixels, return_tensors="pt")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "siglip2"}))
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(PROCESSOR))
    ours = torch.from_numpy(PixelPipeline(image_steps(tmp_path))(decode(pixels)))[None]
    assert ours.shape == (1, 3, 48, 48)
    with torch.no_grad():
        expected = model(**theirs).logits
        found = take_pictures(model)(pixel_values=torch.cat([ours, ours.flip(3)])).logits
    torch.testing.assert_close(found[:1], expected, rtol=1e-5, atol=1e-6)
    assert (found[0] - found[1]).abs().max() > 1e-4  # patches have places


def test_other_networks_stay_as_they_are() -> None:
    config = transformers.ViTConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    model = transformers.ViTForImageClassification(config)
    pixels = torch.zeros((1, 3, 224, 224))
    with torch.no_grad():
        before = model.eval()(pixel_values=pixels).logits
        torch.testing.assert_close(take_pictures(model)(pixel_values=pixels).logits, before)
