"""Bad inputs, each tried in a folder of its own: exit code, one line and its remedy, nothing left behind."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from benchmarks.goals import Row
from tests.support.bad_inputs import Bad, Materials, judge


def refusals(inputs: Iterable[Bad], good: Materials) -> Iterator[Row]:
    """What was said to each, and what is wrong with that."""
    for number, bad in enumerate(inputs):
        scratch = good.scratch / f"{number:02}"
        scratch.mkdir()
        verdict = judge(bad, dataclasses.replace(good, scratch=scratch))
        figure = verdict.message if not verdict.faults else f"{'; '.join(verdict.faults)} ({verdict.message})"
        yield Row(f"{bad.name}, exit code {bad.code}", figure, not verdict.faults)
