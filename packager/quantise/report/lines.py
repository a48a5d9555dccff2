"""The quantisation of a stage for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from edge.cli.printer import table
from edge.quantisation import Quantisation
from packager.quantise.report.sheets import sheets

BARS = 20
"""Letters of the longest bar."""

SHOWN = 5


def lines(found: Quantisation) -> Iterator[str]:
    """The tables; of the sensitive places the worst, as bars."""
    for sheet in list(sheets(found))[:2]:
        yield ""
        yield from table([*([sheet.head] if sheet.head else []), *sheet.rows])
    worst = found.sensitivities[:SHOWN]
    if worst:
        most = max(one.error for one in worst) or 1.0
        rows = [
            (f"{one.error:.3g}", "█" * round(max(one.error, 0) / most * BARS), ", ".join(one.nodes)) for one in worst
        ]
        yield ""
        yield "error where int8 costs most"
        yield from table(rows)
