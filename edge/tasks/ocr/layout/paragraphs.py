"""Which lines that follow one another are one paragraph."""

from __future__ import annotations

from collections.abc import Sequence

from edge.tasks.ocr.layout.pieces import Piece

ALIKE = 1.4
"""Times: lines of a paragraph are as high as one another, but for letters that reach up or down."""

PITCH = 1.8
"""Heights from a line to the next, at the most."""

LOOSER = 1.3
"""Times the pitch that there was before."""

INDENT = 0.7
"""Heights by which a first line begins, or a last line ends, away from the others."""


def paragraphs(rows: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """Pieces in reading order, by paragraph. Cells that stand in a row are one of their own."""
    found: list[list[Piece]] = []
    open_one = False
    for row in rows:
        alone = len(row) == 1 and len(row[0].lines) == 1
        if alone and open_one and _goes_on(found[-1], row[0]):
            found[-1].append(row[0])
        else:
            found.append(list(row))
        open_one = alone
    return found


def _goes_on(paragraph: Sequence[Piece], piece: Piece) -> bool:
    last = paragraph[-1]
    height = (last.height + piece.height) / 2
    pitch = piece.middle - last.middle
    common = min(last.right, piece.right) - max(last.left, piece.left)
    alike = max(last.height, piece.height) <= ALIKE * min(last.height, piece.height)
    if not alike or not 0 < pitch <= PITCH * height or common < 0.5 * min(last.width, piece.width):
        return False
    if len(paragraph) > 1 and pitch > LOOSER * (last.middle - paragraph[0].middle) / (len(paragraph) - 1):
        return False
    centred = abs(piece.middle_across - last.middle_across) <= INDENT * height
    return centred or not (_indented(paragraph, piece, height) or _ended(paragraph, height))


def _indented(paragraph: Sequence[Piece], piece: Piece, height: float) -> bool:
    """Whether the piece begins to the right of the line before, and the paragraph does not go on so."""
    return piece.left > paragraph[-1].left + INDENT * height


def _ended(paragraph: Sequence[Piece], height: float) -> bool:
    """Whether the last line is shorter than those before it, which all end at the same place."""
    *before, last = paragraph
    ends = [piece.right for piece in before]
    return len(ends) > 1 and max(ends) - min(ends) < INDENT * height and last.right < min(ends) - 2 * INDENT * height
