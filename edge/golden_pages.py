"""Golden pages: pictures with the lines that were read of them when the bundle was built, from pixels to text.

Golden vectors prove each network; these prove what is between them. Lines are matched by their text, whatever their
order, and white space in them is left out, so that a later version may arrange a page better.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from edge.errors import CheckError
from edge.manifest import GoldenLine, GoldenPage
from edge.results import Document

ALLOWED = 0.25
"""How far a corner may be off, as a share of its line's height."""

REMEDY = "do not use this engine on this machine; report it with the output of: edge doctor"


def golden_page(image: str, found: Document) -> GoldenPage:
    """What is kept of the only page of a document that was read of `image`, a file of the bundle."""
    (page,) = found.pages
    lines = (
        GoldenLine(text=line.text, box=tuple((round(x, 1), round(y, 1)) for x, y in line.box)) for line in page.lines
    )
    return GoldenPage(image=image, turned=page.turned, lines=tuple(lines))


def check_page(page: GoldenPage, got: GoldenPage, who: str) -> float:
    """How far the furthest corner of what was got is off, as a share of its line's height.

    Raises CheckError that begins with `who` where another text was read, the page was taken for turned otherwise, or a
    corner is too far off.
    """
    if got.turned != page.turned:
        raise _failure(f"{who} takes {page.image} for turned by {got.turned} degrees, not {page.turned}")
    left = list(got.lines)
    worst = 0.0
    for line in page.lines:
        same = [one for one in left if _plain(one.text) == _plain(line.text)]
        if not same:
            read = next((one.text for one in left if _meet(one, line)), "nothing")
            raise _failure(f"{who} reads {read!r} on {page.image} where {line.text!r} was expected")
        nearest = min(same, key=lambda one: _off(line, one))
        left.remove(nearest)
        worst = max(worst, _off(line, nearest))
        if worst > ALLOWED:
            raise _failure(
                f"{who} finds {line.text!r} on {page.image} off by {worst:.2f} of its height, allowed {ALLOWED}"
            )
    if left:
        raise _failure(f"{who} reads {left[0].text!r} on {page.image} where nothing was expected")
    return worst


def _failure(message: str) -> CheckError:
    return CheckError(message, remedy=REMEDY)


def _plain(text: str) -> str:
    return "".join(text.split())


def _off(line: GoldenLine, found: GoldenLine) -> float:
    height = (math.dist(line.box[0], line.box[3]) + math.dist(line.box[1], line.box[2])) / 2
    furthest = max(math.dist(one, other) for one, other in zip(line.box, found.box, strict=True))
    return furthest / height if height else math.inf


def _meet(found: GoldenLine, line: GoldenLine) -> bool:
    """Whether the middle of what was found is within the bounds of the line."""
    x, y = (sum(values) / 4 for values in zip(*found.box, strict=True))
    return _within(x, [corner[0] for corner in line.box]) and _within(y, [corner[1] for corner in line.box])


def _within(value: float, bounds: Sequence[float]) -> bool:
    return min(bounds) <= value <= max(bounds)
