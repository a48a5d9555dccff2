"""Measures in a fresh process, so that cold start and peak memory are the bundle's own and not this program's past."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import replace

from edge import errors
from edge.bench.clock import Clock
from edge.bench.evidence.watch import Watch
from edge.bench.plan import Plan
from edge.bench.record import Measurement
from edge.bench.scenarios import scenario_of
from edge.bench.scenarios.cold_start import cold_start
from edge.child import child_command
from edge.errors import SessionError

TAIL_LINES = 4


def measure(plan: Plan) -> Measurement:
    """Run the plan; raises what opening and running the bundle raises, and SessionError where a process dies."""
    if not scenario_of(plan.scenario).apart:
        return measure_apart(plan)
    with Watch(families=True) as watch:
        return cold_start(plan, measure_apart, Clock(), watch)


def measure_apart(plan: Plan) -> Measurement:
    """Run the plan in one process of its own."""
    request = replace(plan, started=time.monotonic()).to_json()
    done = subprocess.run(  # noqa: S603 (this interpreter, a module of ours)
        child_command("edge.bench.run_plan"), input=json.dumps(request).encode(), capture_output=True, check=False
    )
    try:
        reply = json.loads(done.stdout)
    except ValueError as error:
        words = done.stderr.decode(errors="replace").strip().splitlines()[-TAIL_LINES:]
        raise SessionError(
            f"the measured process ended with {done.returncode}: {' | '.join(words)}", remedy="run: edge verify"
        ) from error
    if "error" in reply:
        raise getattr(errors, reply["error"])(reply["message"], remedy=reply["remedy"])
    return Measurement.from_json(reply)
