"""Every architecture on one road, with proof."""

from __future__ import annotations

from benchmarks.shows.issue_2 import bad_inputs, coverage
from benchmarks.shows.show import Show

SHOWS = (
    Show(1, "the whole table of architectures", coverage.run),
    Show(4, "networks that cannot be built", bad_inputs.run),
)
