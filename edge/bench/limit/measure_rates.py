"""The process that measures this machine's rates: `measure_rates THREADS`, the rates as JSON on standard output."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from edge.bench.limit.matmul import INPUTS, OUTPUTS, write_matmul
from edge.bench.limit.rates import Moving, Rates
from edge.child import private_stdout
from edge.engines import open_session

SIDES = (256, 512, 1024)
SIZES = tuple(1 << power for power in (18, 20, 22, 24, 26))
ROUNDS = 3
SECONDS = 0.3
"""For each size: rates are the best of what fits into it, at least of ROUNDS."""


def measure_rates(threads: int) -> Rates:
    """About three seconds; raises SessionError where ONNX Runtime is missing."""
    flops_per_second, cpu_share = _products(threads)
    return Rates(
        threads=threads,
        date=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        cpu_share=cpu_share,
        flops_per_second=flops_per_second,
        moving=tuple(Moving(bytes=size, rate=_moving(size, threads)) for size in SIZES),
    )


def _products(threads: int) -> tuple[float, float]:
    """By the engine itself, since numpy's library may be slower than its kernels; and how much CPU it was given."""
    chance = np.random.default_rng(0)
    pairs = [[chance.standard_normal((side, side), dtype=np.float32) for _ in INPUTS] for side in SIDES]
    with tempfile.TemporaryDirectory(prefix="edgepack-") as folder:
        file = Path(folder) / "matmul.onnx"
        write_matmul(file)
        session = open_session("onnxruntime", file, inputs=INPUTS, outputs=OUTPUTS, threads=threads)
    start, before = time.perf_counter(), time.process_time()
    rates = []
    for side, pair in zip(SIDES, pairs, strict=True):
        feeds = {spec.name: matrix for spec, matrix in zip(INPUTS, pair, strict=True)}
        rates.append(2 * side**3 / _fastest(lambda feeds=feeds: session.run(feeds)))  # type: ignore[misc]
    cpu_share = (time.process_time() - before) / (time.perf_counter() - start) / threads
    session.close()
    return max(rates), cpu_share


def _fastest(run: Callable[[], object]) -> float:
    run()
    times: list[float] = []
    while len(times) < ROUNDS or sum(times) < SECONDS:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def _moving(size: int, threads: int) -> float:
    """Every thread has a part of its own; copying reads one half and writes the other, reading may be faster."""
    parts = [np.zeros(size // threads // 4, np.float32) for _ in range(threads)]
    halves = [np.split(part[: len(part) // 2 * 2], 2) for part in parts]
    copying: list[Callable[[], object]] = [lambda ends=ends: np.copyto(*ends) for ends in halves]  # type: ignore[misc]
    reading: list[Callable[[], object]] = [part.max for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return max(_together(pool, runs) for runs in (copying, reading) for _ in range(ROUNDS)) * size / threads


def _together(pool: ThreadPoolExecutor, runs: list[Callable[[], object]]) -> float:
    """How often a second all of them ran, added up, while the others ran too."""
    until = time.perf_counter() + SECONDS / (2 * ROUNDS)
    return sum(pool.map(lambda run: _often(run, until), runs))


def _often(run: Callable[[], object], until: float) -> float:
    start, count = time.perf_counter(), 0
    while time.perf_counter() < until or not count:
        run()
        count += 1
    return count / (time.perf_counter() - start)


def main() -> None:
    """Entry point of the process."""
    with private_stdout() as replies:
        replies.write(json.dumps(measure_rates(int(sys.argv[1])).to_json()).encode())


if __name__ == "__main__":
    main()
