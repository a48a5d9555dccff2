"""The door: what goes into a manifest's `preprocess` for a model folder, and what it makes."""

from __future__ import annotations

from packager.tasks.images import image_steps
from packager.tasks.texts import text_steps

__all__ = ["image_steps", "text_steps"]
