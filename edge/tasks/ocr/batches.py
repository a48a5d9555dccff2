"""Which lines go through a network together: those that are padded to one width, whatever else is on their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Batch:
    """The lines `members`, indices into what was given, each at most `width` pixels wide."""

    members: tuple[int, ...]
    width: int

    @property
    def pixels(self) -> int:
        """The width of all together, and so the time that they take."""
        return len(self.members) * self.width


def bucket(width: int, widths: Sequence[int]) -> int:
    """The narrowest of the ascending `widths` that has room, else the last."""
    return next((one for one in widths if one >= width), widths[-1])


def batches(lines: Sequence[int], widths: Sequence[int], room: int) -> list[Batch]:
    """Batches of lines with these widths, narrow ones first, in the order given within one width.

    A batch has at most `room` pixels of width together, unless it is one line. Batches are never filled up with empty
    or narrower lines: their time grows with their size, and what a line says must not depend on its neighbours.
    """
    planned = []
    order = sorted(range(len(lines)), key=lambda line: bucket(lines[line], widths))
    for width, group in groupby(order, key=lambda line: bucket(lines[line], widths)):
        members = list(group)
        size = max(room // width, 1)
        planned += [Batch(tuple(members[at : at + size]), width) for at in range(0, len(members), size)]
    return planned
