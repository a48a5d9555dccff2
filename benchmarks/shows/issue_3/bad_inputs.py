"""`python -m benchmarks.shows 3 5`: what cannot be measured, read or compared gets a line; Ctrl-C keeps the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.bundles import sentences
from benchmarks.goals import Row
from benchmarks.shows.refusals import refusals
from benchmarks.shows.suites import run_suites
from tests.support.bad_inputs import MEASURING, Materials

SUITES: Mapping[str, str] = {
    "Ctrl-C keeps what was measured and marks it": "tests/edge/bench/test_interrupt.py",
    "a board whose throttling cannot be read is never VALID": "tests/edge/bench/judge/test_documented_boards.py"
    "::test_a_board_whose_throttling_cannot_be_read_is_never_valid_and_says_so_in_a_line",
    "a full disk leaves what was measured on the screen": "tests/edge/cli/test_reports.py"
    "::test_a_full_disk_leaves_what_was_measured_on_the_screen",
}


def run(folder: Path) -> Iterator[Row]:
    """Try each on a real bundle."""
    yield from refusals(MEASURING, Materials(folder, bundle=sentences(folder)))
    yield from run_suites(SUITES, folder)
