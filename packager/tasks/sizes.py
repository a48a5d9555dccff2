"""Sizes in `preprocessor_config.json`: an integer, a list or an object, all to one spelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard

from edge.manifest import Step
from edge.preprocess.images import MAX_PIXELS
from packager.errors import SourceError
from packager.tasks.settings import Settings

_SPELLINGS = (
    {"height", "width"},
    {"shortest_edge"},
    {"shortest_edge", "longest_edge"},
    {"max_height", "max_width"},
)


def square_or_edges(settings: Settings, key: str, default: Mapping[str, int], *, square: bool) -> dict[str, int]:
    """As `get_size_dict` of transformers: an integer is both edges where `square`, else the shortest edge.

    Raises SourceError for anything that is no size.
    """
    value = settings.get(key)
    if value is None:
        return dict(default)
    if isinstance(value, list) and len(value) == 2:
        value = {"height": value[0], "width": value[1]}
    elif not isinstance(value, dict):
        value = {"height": value, "width": value} if square else {"shortest_edge": value}
    said = {str(name): one for name, one in value.items() if one is not None}
    sizes = {name: one for name, one in said.items() if _is_edge(one)}
    if set(sizes) not in _SPELLINGS or len(sizes) != len(said):
        raise SourceError(f"{settings.where}: {key} {settings.get(key)!r} is no size", remedy="correct the file")
    return sizes


def _is_edge(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_PIXELS


def center_crop(height: int, width: int) -> Step:
    """The step."""
    return Step(kind="center_crop", options={"height": height, "width": width})
