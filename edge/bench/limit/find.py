"""Finds the limit of one artifact on this machine: counts its work in a process of its own, looks the rates up."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edge.bench.limit.cache import cached_rates
from edge.bench.limit.limit import Limit
from edge.bench.limit.rates import Rates
from edge.child import child_command
from edge.engines import Array, engine_entry
from edge.engines.frames import write_frame
from edge.errors import SessionError
from edge.machine import Machine

ENGINE = "onnxruntime"


def find_limit(file: Path, feeds: Mapping[str, Array], threads: int, machine: Machine) -> Limit:
    """The limit of one query of a float32 ONNX artifact; raises SessionError where its work cannot be counted.

    Takes a run without optimisation, and about three seconds where this machine's rates are not known yet.
    """
    request = io.BytesIO()
    write_frame(request, {"path": str(file.resolve())}, feeds)
    work = _ask(child_command("edge.bench.limit.count"), request.getvalue(), f"the work of {file.name}")

    def measure() -> Rates:
        command = [*child_command("edge.bench.limit.measure_rates"), str(threads)]
        return Rates.from_json(_ask(command, b"", "this machine's rates"))

    rates = cached_rates(machine, engine_entry(ENGINE).version(), threads, measure)
    return Limit(flops=work["flops"], bytes=work["bytes"], uncounted=tuple(work["uncounted"]), rates=rates)


def _ask(command: list[str], request: bytes, what: str) -> dict[str, Any]:
    done = subprocess.run(command, input=request, capture_output=True, check=False)  # noqa: S603 (modules of ours)
    try:
        reply: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise SessionError(f"{what} was not found: its process ended with {done.returncode}: {last}") from error
    if "error" in reply:
        raise SessionError(f"{what} was not found: {reply['error']}")
    return reply
