"""The sampling process: reads all sensors at an interval while another process is measured.

A process and not a thread, so that the measured interpreter never waits for it. Its argument is JSON; one byte of input
begins the steady phase, the end of input ends it.
"""

from __future__ import annotations

import json
import os
import resource
import select
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from edge.bench.evidence.conditions import Conditions, Reading
from edge.bench.evidence.host import Host, UnreadableError
from edge.bench.evidence.processes import Usage, busy, family, usage
from edge.bench.evidence.sensors import read_sensors
from edge.bench.evidence.settings import settings

INPUT = 0
"""The descriptor of standard input, read without a buffer because `select` knows of none."""


@dataclass
class Sampler:
    """Reads a host beside the process `measured`; `now` gives monotonic seconds.

    With `families` it looks for new children of that process each time, which costs some milliseconds.
    """

    host: Host
    measured: int
    now: Callable[[], float] = time.monotonic
    unreadable: dict[str, str] = field(default_factory=dict)
    families: bool = False
    processes: tuple[int, ...] = ()
    used: Usage | None = None
    spent: float | None = None
    at: float = 0.0

    def read(self) -> Reading:
        """One reading; the load of others is since the one before."""
        if self.families or not self.processes:
            self.processes = family(self.host, self.measured)
        fields = read_sensors(self.host, self.unreadable)
        before_at, before_spent, before_used = self.at, self.spent, self.used
        self.at, self.spent, self.used = self.now(), None, None
        try:
            self.used = usage(self.host, self.processes, without=(os.getpid(),))
            self.spent = busy(self.host)
        except UnreadableError as error:
            self.unreadable["load"] = str(error)
        foreign = None
        if self.used and before_used and self.spent is not None and before_spent is not None:
            others = self.spent - before_spent - (self.used.cpu - before_used.cpu)
            foreign = max(0.0, others) / max(self.at - before_at, 1e-3)
        return Reading(at=self.at, rss=self.used.rss if self.used else None, foreign_cpu=foreign, **fields)


def sample(sampler: Sampler, interval: float) -> Conditions:
    """From the byte that begins to the end of input: a reading at both, and one at every interval between."""
    standing = settings(sampler.host, sampler.measured, sampler.unreadable)
    os.read(INPUT, 1)
    before, began, cost = sampler.read(), sampler.used, _own_cost()
    _say("begun")
    readings, due = [], before.at + interval / 2
    while not select.select([INPUT], [], [], max(0.0, due - time.monotonic()))[0]:
        readings.append(sampler.read())
        due = max(due + interval, readings[-1].at + interval / 2)
    share = (_own_cost() - cost) / max(sampler.now() - before.at, 1e-3)
    after, ended = sampler.read(), sampler.used
    switches = began is not None and ended is not None
    return replace(
        standing,
        before=before,
        after=after,
        readings=tuple(readings),
        sampler_cost=share,
        voluntary_switches=ended.voluntary - began.voluntary if ended and began and switches else None,
        involuntary_switches=ended.involuntary - began.involuntary if ended and began and switches else None,
        unreadable=dict(sampler.unreadable),
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _own_cost() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main() -> None:
    """Entry point of the process."""
    order = json.loads(sys.argv[1])
    host = Host(root=Path(order["root"]), path=order["path"])
    conditions = sample(Sampler(host, order["measured"], families=order["families"]), order["interval"])
    _say(json.dumps(conditions.to_json()))


if __name__ == "__main__":
    main()
