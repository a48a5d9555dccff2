"""From lines that were read anywhere on a page to text in the order in which it is meant to be read."""

from __future__ import annotations

from collections.abc import Sequence

from edge.results import Line
from edge.tasks.ocr.layout.joining import joined
from edge.tasks.ocr.layout.order import ordered
from edge.tasks.ocr.layout.paragraphs import paragraphs
from edge.tasks.ocr.layout.pieces import Piece, pieces_of

__all__ = ["arrange"]

NEAR = 1.5
"""Heights between lines of one group that runs across the rest of the page."""


def arrange(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[tuple[int, ...], ...]]:
    """The lines in reading order, and the paragraphs that they make, as indices into them.

    Words of a line that were found apart are joined, so there may be fewer lines than there were. The page may be
    turned or slant: what counts is how its text runs. Vertical text is read from top to bottom, its columns from right
    to left.
    """
    if not lines:
        return (), ()
    lengths = {down: [_length(line) for line in lines if line.vertical == down] for down in (False, True)}
    down = not lengths[False] or sum(lengths[True]) > sum(lengths[False])
    pieces = pieces_of(lines, down=down)
    along = [piece for piece in pieces if piece.lines[0].vertical == down]
    across = [piece for piece in pieces if piece.lines[0].vertical != down]
    rows = ordered([*(along if down else joined(along)), *_groups(across)])
    in_order: list[Line] = []
    numbers: list[tuple[int, ...]] = []
    for paragraph in paragraphs(rows):
        found = [line for piece in paragraph for line in piece.lines]
        numbers.append(tuple(range(len(in_order), len(in_order) + len(found))))
        in_order += found
    return tuple(in_order), tuple(numbers)


def _length(line: Line) -> float:
    (x, y), second, _, fourth = line.box
    end_x, end_y = fourth if line.vertical else second
    return float(((end_x - x) ** 2 + (end_y - y) ** 2) ** 0.5)


def _groups(pieces: Sequence[Piece]) -> list[Piece]:
    """Lines that run across the others, those near one another as one piece, each in its own order."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        near = [group for group in groups if any(_near(piece, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([piece, *(other for group in near for other in group)])
    return [_as_one(group) for group in groups]


def _near(one: Piece, other: Piece) -> bool:
    reach = NEAR * min(one.width, one.height, other.width, other.height)
    return (
        max(one.left, other.left) - min(one.right, other.right) <= reach
        and max(one.top, other.top) - min(one.bottom, other.bottom) <= reach
    )


def _as_one(group: Sequence[Piece]) -> Piece:
    lines, _ = arrange([line for piece in group for line in piece.lines])
    return Piece(
        lines,
        min(piece.left for piece in group),
        min(piece.top for piece in group),
        max(piece.right for piece in group),
        max(piece.bottom for piece in group),
    )
