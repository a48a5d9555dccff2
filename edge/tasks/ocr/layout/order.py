"""The order in which a reader takes the lines of a page.

A page is cut into strips that no line reaches over, from top to bottom. Neighbouring strips that share a gutter belong
together: with prose beside it, each column is read down before the next; what is short and stands in rows, as in tables
and forms, is read row by row. Columns are looked at in the same way again. (A recursive XY cut, Nagy and Seth 1984,
that never cuts a strip off from columns that it goes on.)
"""

from __future__ import annotations

import statistics
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from edge.tasks.ocr.layout.gaps import Span, gaps
from edge.tasks.ocr.layout.pieces import Piece, Shelf

MARGIN = 0.15
"""Heights: boxes reach so far above and below their text, ..."""

MARGIN_BESIDE = 0.3
"""... and at the worst so far beyond its ends."""

GUTTER = 0.5
"""Heights: what is narrower lies between words."""

APART = 2.0
"""Heights: a gap in a column that is wider may part it."""

PROSE = 8.0
"""Heights: lines of prose are longer, cells of tables shorter."""

MANY, FULL = 5, 0.9
"""Lines of a column, and their share of its width: fewer or shorter ones may be cells as well."""

IN_ROWS = 0.7
"""Share of a table's cells that have another beside them."""


ON_A_ROW = 0.25
"""Heights of the lower: the middles of cells of a row are no farther apart."""


@dataclass(frozen=True)
class Run:
    """Strips that belong together, and the gutters that go through all of them."""

    pieces: list[Piece]
    gutters: list[Span]

    @property
    def columns(self) -> list[list[Piece]]:
        """The pieces between the gutters, from left to right."""
        return _split(self.pieces, self.gutters, [piece.middle_across for piece in self.pieces])


def ordered(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """All pieces in reading order: one by one, or those that stand in one row together."""
    if not pieces:
        return []
    height = statistics.median(piece.height for piece in pieces)
    found: list[list[Piece]] = []
    for run in _runs(_strips(pieces), height):
        columns = run.columns
        if len(columns) > 1 and not _tabular(columns):
            found += [row for column in columns for row in ordered(column)]
        else:
            found += _rows(run.pieces)
    return found


def _strips(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """From top to bottom, what stands between two cuts across the page."""
    inner = [MARGIN * piece.height for piece in pieces]
    spans = [(piece.top + less, piece.bottom - less) for piece, less in zip(pieces, inner, strict=True)]
    return _split(pieces, gaps(spans), [piece.middle for piece in pieces])


def _runs(strips: Sequence[Sequence[Piece]], height: float) -> list[Run]:
    runs: list[Run] = []
    for strip in strips:
        alone = Run(list(strip), _gutters(strip, height))
        if not runs:
            runs.append(alone)
        elif both := _together(runs[-1], alone, height):
            runs[-1] = both
        else:
            runs[-1:] = _parted(runs[-1], alone, height)
    return runs


def _parted(run: Run, below: Run, height: float) -> list[Run]:
    """Both runs; what stands at the foot of a column, but nearer to what is below all of them, goes there.

    So does a line over a headline that runs under the columns.
    """
    gone: list[Piece] = []
    for column in run.columns if run.gutters else []:
        foot, gap = _foot(column)
        lowest = max(piece.bottom for piece in foot)
        under = [piece.top - lowest for piece in below.pieces if any(_stand_over(one, piece) for one in foot)]
        if under and gap >= APART * height and min(under) < gap / 2:
            gone += foot
    if not gone:
        return [run, below]
    pieces = [*gone, *below.pieces]
    return [
        Run([piece for piece in run.pieces if piece not in gone], run.gutters),
        Run(pieces, _gutters(pieces, height)),
    ]


def _foot(column: Sequence[Piece]) -> tuple[list[Piece], float]:
    """What stands below the column's widest gap, and how wide that is; all of it and 0 where there is none."""
    found = gaps([(piece.top, piece.bottom) for piece in column])
    if not found:
        return list(column), 0.0
    start, end = max(found, key=lambda span: span[1] - span[0])
    return [piece for piece in column if piece.top >= end], end - start


def _stand_over(one: Piece, other: Piece) -> bool:
    return min(one.right, other.right) > max(one.left, other.left)


def _together(run: Run, strip: Run, height: float) -> Run | None:
    """Both as one, if a gutter of either goes through both, or if neither has one."""
    pieces = run.pieces + strip.pieces
    # A gap between what stands to the left in one strip and to the right in another is no gutter.
    known = run.gutters + strip.gutters
    gutters = [(start, end) for start, end in _gutters(pieces, height) if any(start < b and a < end for a, b in known)]
    return Run(pieces, gutters) if gutters or not known else None


def _gutters(pieces: Sequence[Piece], height: float) -> list[Span]:
    inner = [min(MARGIN_BESIDE * piece.height, piece.width / 4) for piece in pieces]
    spans = [(piece.left + less, piece.right - less) for piece, less in zip(pieces, inner, strict=True)]
    return gaps(spans, GUTTER * height)


def _split(pieces: Sequence[Piece], cuts: Sequence[Span], places: Sequence[float]) -> list[list[Piece]]:
    """The pieces in groups between cuts, each where its place is."""
    middles = [(start + end) / 2 for start, end in cuts]
    groups: list[list[Piece]] = [[] for _ in range(len(cuts) + 1)]
    for piece, place in zip(pieces, places, strict=True):
        groups[bisect(middles, place)].append(piece)
    return [group for group in groups if group]


def _tabular(columns: Sequence[Sequence[Piece]]) -> bool:
    """Whether columns hold short text that stands in rows; the longest column needs nothing beside every line."""
    gutters = [min(b.left for b in after) - max(a.right for a in one) for one, after in pairwise(columns)]
    *before, last = columns
    if all(_is_prose(column, max(gutters)) for column in before):
        # The last column may end after a few lines.
        width = statistics.median(piece.width for piece in before[-1])
        if _is_prose(last, gutters[-1]) or max(piece.width for piece in last) >= FULL * width:
            return False
    longest = max(columns, key=len)
    shelf = Shelf(piece for column in columns for piece in column)
    owns = [(column, set(map(id, column))) for column in columns if column is not longest]
    cells = [(piece, own) for column, own in owns for piece in column]
    beside = sum(
        any(id(other) not in own and _on_a_row(piece, other) for other in shelf.near(piece, ON_A_ROW * piece.height))
        for piece, own in cells
    )
    return beside >= IN_ROWS * len(cells)


def _is_prose(column: Sequence[Piece], gutter: float) -> bool:
    """Whether lines are long; or, as in a newspaper's columns, nearly all as long as can be beside a narrow gutter."""
    widths = [piece.width for piece in column]
    width, ratio = statistics.median(widths), statistics.median(piece.width / piece.height for piece in column)
    full = len(column) >= MANY and width >= FULL * max(widths) and gutter <= width / 3
    return ratio >= PROSE or (ratio >= PROSE / 2 and full)


def _on_a_row(one: Piece, other: Piece) -> bool:
    return abs(one.middle - other.middle) <= ON_A_ROW * min(one.height, other.height)


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that stand beside one another, from left to right; rows from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if rows and all(piece.shares_row(other) for other in rows[-1]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]
