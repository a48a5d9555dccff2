"""Keeps what a run found in benchmarks/results/, with everything that the figures depend on."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks.goals import Row
from benchmarks.places import RESULTS, shown
from edge import __version__
from edge.machine import this_machine
from packager.doctor import diagnose_host

CPUINFO = Path("/proc/cpuinfo")


def write_results(name: str, command: str, found: Mapping[str, Sequence[Row]]) -> Path:
    """Write NAME.json: the command, date, machine and versions, and the rows of each part; returns its path."""
    machine = this_machine()
    record: dict[str, Any] = {
        "command": command,
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": {
            "cpu": _cpu_model() or machine.machine,
            "cores": machine.cpus,
            "memory_bytes": machine.memory_bytes,
            "features": machine.features,
        },
        "versions": {
            "edge": __version__,
            "python": platform.python_version(),
            **{tool.name: tool.version for tool in diagnose_host().tools},
        },
        "goals": {title: [asdict(row) for row in rows] for title, rows in found.items()},
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(path)
    print(f"   kept in {shown(str(path))}", flush=True)
    return path


def _cpu_model() -> str:
    """The processor's name as the kernel has it; empty on Arm, where it has none."""
    for line in CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return ""
