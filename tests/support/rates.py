"""A cache that knows what rates this machine reaches, so that a test measures no machine and writes in no home."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.bench.limit.cache import cached_rates
from edge.bench.limit.rates import Moving, Rates
from edge.engines import engine_entry
from edge.machine import this_machine


def know_rates(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `folder` the cache, of this process and those that it starts."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    machine, version = this_machine(), engine_entry("onnxruntime").version()
    for threads in {1, 2, machine.cpus}:
        moving = (Moving(bytes=1, rate=1e9),)
        rates = Rates(threads=threads, date="2026-11-24", cpu_share=1.0, flops_per_second=1e9, moving=moving)
        cached_rates(machine, version, threads, lambda rates=rates: rates)  # type: ignore[misc]
