"""The measured process: reads a plan from standard input, writes a measurement to standard output."""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from edge.bench.interrupt import Interrupt
from edge.bench.plan import Plan
from edge.child import private_stdout
from edge.errors import EdgeError

if TYPE_CHECKING:
    from edge.bench.record import Measurement
    from edge.bench.subject import Subject


def run_plan(plan: Plan, process: float, interrupted: Interrupt) -> Measurement:
    """Measure; `process` are the seconds until this one ran.

    Raises what opening and running the bundle raises, and KeyboardInterrupt where it is interrupted before the steady
    phase.
    """
    lap = Laps()
    from edge.bench.subject import open_bundle, open_subject, ready_engine

    imports = lap()
    bundle = open_bundle(plan.bundle)
    verify = lap()
    ready_engine(bundle, plan)
    imports += lap()
    subject = open_subject(bundle, plan)
    session = lap()
    try:
        subject.run()
        first = lap()
        from edge.bench.evidence.watch import Watch
        from edge.bench.limit.of_query import feeds_of, limit_of
        from edge.bench.record import Phases
        from edge.bench.steady import measure_steady

        with ExitStack() as ends:
            watch = ends.enter_context(Watch()) if plan.watched else Watch()
            lap()
            warmed = _warm_up(subject, plan, interrupted)
            warm_up = lap()
            if interrupted():
                raise KeyboardInterrupt
            phases = Phases(
                process=process, imports=imports, verify=verify, session=session, first=first, warm_up=warm_up
            )
            done = measure_steady(subject, replace(plan, warmup=warmed), phases, watch, interrupted)
        feeds = {} if interrupted() else feeds_of(subject, plan)
    finally:
        subject.model.close()
    return replace(done, limit=limit_of(subject, feeds))


def _warm_up(subject: Subject, plan: Plan, interrupted: Interrupt) -> int:
    """How many queries were run: fewer than the plan's where they take longer than everything may."""
    end = time.perf_counter() + plan.max_seconds
    for done in range(plan.warmup):
        if interrupted() or time.perf_counter() > end:
            return done
        subject.run()
    return plan.warmup


class Laps:
    """A clock of phases that follow each other."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def __call__(self) -> float:
        """Seconds since the last call, or since this was made."""
        last, self._last = self._last, time.perf_counter()
        return self._last - last


def main() -> None:
    """Entry point of the process."""
    begun = time.monotonic()
    interrupted = Interrupt(parent=int(sys.argv[1]))
    interrupted.listen()
    with private_stdout() as replies:
        plan = Plan.from_json(json.loads(sys.stdin.buffer.read()))
        reply: dict[str, Any]
        try:
            reply = run_plan(plan, begun - plan.started, interrupted).to_json()
        except EdgeError as error:
            reply = {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}
        except KeyboardInterrupt:
            reply = {"interrupted": True}
        replies.write(json.dumps(reply).encode())


if __name__ == "__main__":
    main()
