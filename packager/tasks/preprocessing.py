"""The door: what goes into a manifest's `preprocess` for a model folder, and what it makes."""

from __future__ import annotations

from edge.preprocess.steps import image_shape
from packager.tasks.images import image_steps
from packager.tasks.texts import text_steps

__all__ = ["image_shape", "image_steps", "text_steps"]
