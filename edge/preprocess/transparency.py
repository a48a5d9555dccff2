"""Transparent pictures on a ground that their content stands out from."""

from __future__ import annotations

from typing import Any

from edge.preprocess.pillow import pillow

VISIBLE = 128
MIDDLE = 127.5


def on_ground(image: Any) -> Any:
    """A loaded image of Pillow without transparency: on white, or on black where what is seen is light.

    Images without transparency are given back as they are.
    """
    if not image.has_transparency_data:
        return image
    picture = image.convert("RGBA")
    alpha = picture.getchannel("A")
    if alpha.getextrema()[0] == 255:
        return picture.convert("RGB")
    seen = pillow("ImageStat").Stat(picture.convert("L"), alpha.point(lambda value: 255 if value >= VISIBLE else 0))
    light = seen.count[0] > 0 and seen.mean[0] > MIDDLE
    ground = pillow().new("RGB", picture.size, "black" if light else "white")
    ground.paste(picture, mask=alpha)
    return ground
