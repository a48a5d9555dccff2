"""The model card that a folder needs so that its licence is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_card(folder: Path, licence: str = "apache-2.0") -> None:
    """Write README.md with the licence in its front matter, as the hub has it."""
    (folder / "README.md").write_text(f"---\nlicense: {licence}\n---\n# {folder.name}\n", encoding="utf-8")


def write_image_settings(folder: Path, side: int, **more: Any) -> None:
    """Write preprocessor_config.json for RGB images of side × side pixels; `more` replaces settings of it."""
    settings = {
        "image_processor_type": "ViTImageProcessor",
        "do_resize": True,
        "size": {"height": side, "width": side},
        "resample": 2,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        **more,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(settings, indent=2), encoding="utf-8")
