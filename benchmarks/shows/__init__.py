"""What each issue asks to be shown, by its number."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.shows.issue_1 import SHOWS as ISSUE_1
from benchmarks.shows.issue_2 import SHOWS as ISSUE_2
from benchmarks.shows.issue_3 import SHOWS as ISSUE_3
from benchmarks.shows.issue_4 import SHOWS as ISSUE_4
from benchmarks.shows.issue_5 import SHOWS as ISSUE_5
from benchmarks.shows.show import Show

SHOWS: Mapping[int, tuple[Show, ...]] = {1: ISSUE_1, 2: ISSUE_2, 3: ISSUE_3, 4: ISSUE_4, 5: ISSUE_5}
