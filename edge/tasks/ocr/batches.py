"""Which lines go through a network together: few distinct shapes, little padding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

SIZES = (8, 4, 2, 1)
"""How many lines a batch may have; each size more would be a shape more for every width."""


@dataclass(frozen=True)
class Batch:
    """The lines `members`, indices into what was given, each at most `width` pixels wide."""

    members: tuple[int, ...]
    width: int


def bucket(width: int, widths: Sequence[int]) -> int:
    """The narrowest of the ascending `widths` that has room, else the last."""
    return next((one for one in widths if one >= width), widths[-1])


def batches(lines: Sequence[int], widths: Sequence[int], room: int) -> list[Batch]:
    """Batches of lines with these widths, narrow ones first, in the order given within one width.

    A batch has the size of one of SIZES and at most `room` pixels of width together, unless it is one line. Batches are
    never filled up with empty lines: their time grows with their size.
    """
    planned = []
    order = sorted(range(len(lines)), key=lambda line: bucket(lines[line], widths))
    for width, group in groupby(order, key=lambda line: bucket(lines[line], widths)):
        members = list(group)
        while members:
            size = next(one for one in SIZES if one == 1 or (one <= len(members) and one * width <= room))
            planned.append(Batch(tuple(members[:size]), width))
            del members[:size]
    return planned
