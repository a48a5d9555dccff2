"""How long a candidate's stage takes as a multiple of fp32's, on this host, both in one process by turns."""

from __future__ import annotations

from dataclasses import dataclass

from edge.quantisation import Interval
from edge.records import Record
from packager.worker import run_worker


@dataclass(frozen=True, kw_only=True)
class Turns(Record):
    """What the process that measures is told.

    `fp32` and `other` are paths of bundles; what they have for one `stage` and `engine` gets the calls of the file
    `feeds` by turns, with as many `threads` each (0: all that this process may use). Pairs are taken for `seconds`,
    and `fewest` at least; slow ones end after `most_seconds`, with as many as an interval needs.
    """

    fp32: str
    other: str
    stage: str
    engine: str
    feeds: str
    threads: int = 0
    seconds: float = 4.0
    fewest: int = 32
    most_seconds: float = 60.0


def latency_ratio(turns: Turns) -> Interval:
    """The median of candidate over fp32 with its 95% interval: below 1 the candidate is faster.

    Measured in a process of its own, so that nothing that this one did is in it. Raises InputError where there are no
    feeds or no such stage, and what opening or running either artifact raises.
    """
    return Interval.from_json(run_worker("packager.quantise.judge.alternate", turns.to_json()), "latency")
