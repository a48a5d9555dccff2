"""Every architecture on one road, with proof."""

from __future__ import annotations

from benchmarks import artifact_speed, build_cost
from benchmarks.shows.issue_2 import bad_inputs, coverage
from benchmarks.shows.show import Show

SHOWS = (
    Show(1, "the whole table of architectures", coverage.run),
    Show(2, "artifacts against torch's exporter", artifact_speed.rows),
    Show(3, "the cost of BERT-base", build_cost.bert),
    Show(4, "networks that cannot be built", bad_inputs.run),
)
