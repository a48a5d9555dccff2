"""Detectors cut a line where its words stand far apart; here it becomes one line again, unless a gutter runs there."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from edge.results import Line
from edge.tasks.ocr.layout.pieces import Piece, Shelf

APART = 0.8
"""Heights: what is farther apart is not of one line."""

ALIKE = 1.5
"""Times: what is so much higher is other text."""

NEAR = 5.0
"""Heights above and below, in which a gutter would show beside neighbouring lines, too, ..."""

FAR = 10.0
"""... if these end and begin so near to it."""


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of one line each, those that a row's words were cut into put together; the others as they are."""
    shelf, found = Shelf(pieces), []
    taken: set[int] = set()
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if id(piece) in taken:
            continue
        one = piece
        while (other := _next(one, shelf)) is not None:
            taken.add(id(other))  # it stands to the right, so its turn has not come
            whole = _together(one, other)
            shelf.remove(one)
            shelf.remove(other)
            shelf.put(whole)
            one = whole
        found.append(one)
    return found


def _next(one: Piece, shelf: Shelf) -> Piece | None:
    """The piece that goes on where `one` ends."""
    row = [
        other
        for other in shelf.near(one, ALIKE * one.height)
        if other is not one and other.left >= one.middle_across and _alike(one, other) and other.shares_row(one)
    ]
    if not row:
        return None
    other = min(row, key=lambda piece: piece.left)
    low = min(one.height, other.height)
    fits = abs(one.middle - other.middle) <= 0.3 * low and -low / 2 <= other.left - one.right <= APART * low
    return other if fits and not _gutter(one, other, shelf) else None


def _gutter(one: Piece, other: Piece, shelf: Shelf) -> bool:
    """Whether a row of like text above or below has a gap at the same place."""
    middle, slack, far = (one.right + other.left) / 2, one.height / 4, FAR * one.height
    rows = [
        piece
        for piece in shelf.near(one, (NEAR + ALIKE) * one.height)
        if middle - far < piece.right and piece.left < middle + far and _alike(piece, one) and not piece.shares_row(one)
    ]
    before = [piece for piece in rows if piece.right <= middle + slack]
    after = [piece for piece in rows if piece.left >= middle - slack]
    over = [piece for piece in rows if piece.left < middle - slack and piece.right > middle + slack]
    return any(
        left.shares_row(right) and not any(left.shares_row(piece) for piece in over)
        for left in before
        for right in after
    )


def _alike(one: Piece, other: Piece) -> bool:
    return max(one.height, other.height) <= ALIKE * min(one.height, other.height)


def _together(one: Piece, other: Piece) -> Piece:
    (line,), (after,) = one.lines, other.lines
    whole = (_joined_lines(line, after, one.width, other.left - one.right, other.width),)
    return Piece(whole, one.left, min(one.top, other.top), other.right, max(one.bottom, other.bottom))


def _joined_lines(line: Line, after: Line, width: float, gap: float, width_after: float) -> Line:
    """One line of both; between words of a script with spaces there is one, as sure as what is around it."""
    total = max(width + gap + width_after, 1e-6)
    space = "" if _wide(line.text[-1:]) and _wide(after.text[:1]) else " "
    score = (line.score + after.score) / 2
    places = (
        *(place * width / total for place in line.places),
        *((width + gap / 2) / total for _ in space),
        *((width + gap + place * width_after) / total for place in after.places),
    )
    scores = (*line.scores, *(score for _ in space), *after.scores)
    text = f"{line.text}{space}{after.text}"
    complete = len(scores) == len(places) == len(text)
    first, _, _, fourth = line.box
    _, second, third, _ = after.box
    return Line(
        text,
        sum(scores) / len(scores) if complete and scores else score,
        (first, second, third, fourth),
        scores if complete else (),
        tuple(min(max(place, 0.0), 1.0) for place in places) if complete else (),
    )


def _wide(letter: str) -> bool:
    return bool(letter) and unicodedata.east_asian_width(letter) in "WF"
