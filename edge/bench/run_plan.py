"""The measured process: reads a plan from standard input, writes a measurement to standard output."""

from __future__ import annotations

import json
import platform
import sys
import time
from datetime import datetime, timezone
from typing import Any

from edge import __version__
from edge.bench.memory import peak_memory
from edge.bench.plan import Plan
from edge.bench.record import Measurement
from edge.child import private_stdout
from edge.errors import EdgeError


def run_plan(plan: Plan) -> Measurement:
    """Measure; raises what opening and running the bundle raises."""
    before = time.perf_counter()
    from edge.bench.subject import open_subject

    subject = open_subject(plan)
    loaded = time.perf_counter()
    try:
        subject.run()
        first = time.perf_counter()
        cold_start = time.monotonic() - plan.started
        for _ in range(plan.warmup):
            subject.run()
        runs = [subject.run() for _ in range(plan.runs)]
        memory = peak_memory()
    finally:
        subject.model.close()
    from edge.digests import sha256_file
    from edge.engines import engine_entry
    from edge.manifest import MANIFEST_NAME

    bundle, artifact = subject.model.bundle, subject.model.artifact
    return Measurement(
        bundle=bundle.manifest.name,
        digest=sha256_file(bundle.path / MANIFEST_NAME),
        file=artifact.file,
        engine=artifact.engine,
        engine_version=engine_entry(artifact.engine).version(),
        edge=__version__,
        python=platform.python_version(),
        machine=subject.machine,
        date=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        input=subject.title,
        shapes=subject.shapes,
        batch=plan.batch,
        threads=subject.threads,
        warmup=plan.warmup,
        cold_start=cold_start,
        load=loaded - before,
        first=first - loaded,
        samples=tuple(times["engine"] for times in runs),
        stages={name: tuple(times[name] for times in runs) for name in runs[0] if name != "engine"},
        peak_memory=memory,
    )


def main() -> None:
    """Entry point of the process."""
    with private_stdout() as replies:
        plan = Plan.from_json(json.loads(sys.stdin.buffer.read()))
        reply: dict[str, Any]
        try:
            reply = run_plan(plan).to_json()
        except EdgeError as error:
            reply = {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}
        replies.write(json.dumps(reply).encode())


if __name__ == "__main__":
    main()
