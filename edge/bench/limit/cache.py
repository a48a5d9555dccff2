"""Rates are measured once for each machine, engine version and number of threads, and kept in the user's cache.

They are not kept where something else took CPU time meanwhile: the next measurement may know better.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from edge.bench.limit.rates import Rates
from edge.errors import BundleError
from edge.machine import Machine

UNDISTURBED = 0.9
"""CPU time that was given, as a share of what was asked for."""


def cache_folder() -> Path:
    """Where the XDG Base Directory Specification has it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "edgepack"


def cached_rates(
    machine: Machine, version: str, threads: int, measure: Callable[[], Rates], folder: Path | None = None
) -> Rates:
    """The rates kept for this machine, else measured now and kept, if the folder can be written."""
    depends = json.dumps([machine.to_json(), version, threads], sort_keys=True)
    name = f"rates-{hashlib.sha256(depends.encode()).hexdigest()[:16]}.json"
    path = (folder or cache_folder()) / name
    with suppress(OSError, ValueError, BundleError):
        return Rates.from_json(json.loads(path.read_text(encoding="utf-8")))
    rates = measure()
    if rates.cpu_share < UNDISTURBED:
        return rates
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{name}.{os.getpid()}")
        partial.write_text(json.dumps(rates.to_json(), indent=1) + "\n", encoding="utf-8")
        partial.replace(path)
    return rates
