"""Measures in a fresh process, so that cold start and peak memory are the bundle's own and not this program's past."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import replace

from edge import errors
from edge.bench.clock import Clock
from edge.bench.evidence.watch import Watch
from edge.bench.plan import Plan
from edge.bench.record import Measurement
from edge.bench.scenarios import scenario_of
from edge.bench.scenarios.cold_start import cold_start
from edge.bench.stop_rule import INTERRUPTED
from edge.child import child_command
from edge.errors import SessionError

TAIL_LINES = 4


def measure(plan: Plan) -> Measurement:
    """Run the plan; raises what opening and running the bundle raises, and SessionError where a process dies.

    Ctrl-C ends the measurement after the query that runs, and its record says so; a second one ends the process.
    Raises KeyboardInterrupt where nothing was measured until then.
    """
    if not scenario_of(plan.scenario).apart:
        return measure_apart(plan)
    with Watch(families=True) as watch:
        return cold_start(plan, measure_apart, Clock(), watch)


def measure_apart(plan: Plan) -> Measurement:
    """Run the plan in one process of its own."""
    request = replace(plan, started=time.monotonic()).to_json()
    with subprocess.Popen(  # noqa: S603 (this interpreter, a module of ours)
        [*child_command("edge.bench.run_plan"), str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # a terminal's Ctrl-C would reach the engine's process as well
    ) as process:
        try:
            said, words, interrupted = _talk(process, json.dumps(request).encode())
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    try:
        reply = json.loads(said)
    except ValueError as error:
        if interrupted:  # before it could listen
            raise KeyboardInterrupt from error
        last = words.decode(errors="replace").strip().splitlines()[-TAIL_LINES:]
        raise SessionError(
            f"the measured process ended with {process.returncode}: {' | '.join(last)}", remedy="run: edge verify"
        ) from error
    if "error" in reply:
        raise getattr(errors, reply["error"])(reply["message"], remedy=reply["remedy"])
    if "interrupted" in reply:
        raise KeyboardInterrupt
    done = Measurement.from_json(reply)
    # Where it came too late to cut anything short, whoever measures on has still to hear of it.
    return replace(done, stop=replace(done.stop, reason=INTERRUPTED)) if interrupted else done


def _talk(process: subprocess.Popen[bytes], request: bytes) -> tuple[bytes, bytes, bool]:
    """What it says, what it says beside that, and whether the user interrupted it."""
    try:
        return *process.communicate(request), False
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        return *process.communicate(), True
