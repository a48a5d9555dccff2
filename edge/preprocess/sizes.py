"""How large an image becomes: the rules of transformers' resize, down to the rounding."""

from __future__ import annotations

Size = tuple[int, int]
"""Height and width in pixels."""


def shortest_edge(size: Size, target: int, *, nearest: bool = False) -> Size:
    """The shorter edge becomes `target`; the longer one is cut off to an integer, or rounded where `nearest`.

    `get_resize_output_image_size` of transformers cuts off, its PP-LCNet processor rounds.
    """
    height, width = size
    if nearest:
        scale = target / min(height, width)
        return round(height * scale), round(width * scale)
    if width <= height:
        return int(target * height / width), target
    return target, int(target * width / height)


def between_edges(size: Size, shortest: int, longest: int) -> Size:
    """The shorter edge becomes `shortest` unless the longer one would pass `longest` (`get_size_with_aspect_ratio`)."""
    height, width = size
    low, high = float(min(size)), float(max(size))
    raw = longest * low / high if high / low * shortest > longest else None
    target = shortest if raw is None else round(raw)
    if min(size) == target:
        return size
    exact = target if raw is None else raw
    if width < height:
        return int(exact * height / width), target
    return target, int(exact * width / height)


def inside(size: Size, height: int, width: int) -> Size:
    """The largest size of the same shape within `height` x `width` (`get_image_size_for_max_height_width`)."""
    scale = min(height / size[0], width / size[1])
    return int(size[0] * scale), int(size[1] * scale)
