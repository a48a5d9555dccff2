"""Fills the table, one type after another, and keeps what is done."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from packager.coverage.limits import Limits, OverLimitError, run_limited
from packager.coverage.resident import Peak
from packager.coverage.road import cell_of_error
from packager.coverage.row import Row, Run, failed
from packager.coverage.table import Table, read_table, with_row, write_table
from packager.coverage.types import ModelType, chosen
from packager.emit.lite_python import lite_version

CHILD = "packager.coverage.child"
PACKAGES = ("torch", "transformers", "paddlepaddle", "paddle2onnx", "onnxruntime")


def cover(
    names: Sequence[str], folder: Path, limits: Limits, *, jobs: int = 1, told: Callable[[Row], None] = lambda _: None
) -> Table:
    """Measure these types, or all that have no row yet where none is named, and write the table after each.

    `told` gets every row when it is there. A run of all types from an empty folder also says what it took. Raises
    InputError for an unknown type and ToolError without Paddle Lite.
    """
    table, types = read_table(folder), chosen(names)
    tools = _tools()
    whole = not names and not table.rows
    if not names:
        done = {(row.task, row.name) for row in table.rows}
        types = tuple(one for one in types if (one.task, one.name) not in done)
    start = time.monotonic()
    with Peak() as peak:
        for row in _rows(types, limits, jobs):
            table = with_row(table, row, tools)
            write_table(folder, table)
            told(row)
    if whole:
        seconds = round(time.monotonic() - start, 1)
        run = Run(types=len(types), jobs=jobs, seconds=seconds, memory_bytes=peak.bytes)
        table = replace(table, run=run)
        write_table(folder, table)
    return table


def measure(one: ModelType, limits: Limits) -> Row:
    """The row of one type; what stops it is its reason."""
    try:
        reply = run_limited(CHILD, {"task": one.task, "name": one.name}, limits)
    except OverLimitError as error:
        return failed(one.task, one.name, cell_of_error(error))
    return Row.from_json(reply, one.name)


def _rows(types: Sequence[ModelType], limits: Limits, jobs: int) -> Iterator[Row]:
    if jobs == 1:  # in this thread, so that an interrupt ends the child too
        yield from (measure(one, limits) for one in types)
        return
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda one: measure(one, limits), types)


def _tools() -> Mapping[str, str]:
    found = {name: version(name) for name in PACKAGES}
    return {"python": platform.python_version(), **found, "paddlelite": lite_version()}
