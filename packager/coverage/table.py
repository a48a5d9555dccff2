"""The table as JSON, which is kept, and as Markdown, which is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from edge.errors import BundleError, InputError
from edge.records import Record
from packager.coverage.row import Cell, Row
from packager.coverage.types import ACCEPTED, TYPES

JSON_NAME, MARKDOWN_NAME = "coverage.json", "coverage.md"
HEAD = ("type", "Paddle", "ONNX", "Lite arm", "Lite x86", "seconds", "MiB")
LONGEST_REASON = 160


@dataclass(frozen=True, kw_only=True)
class Table(Record):
    """All rows in the order of the registry, and the versions that measured the latest of them."""

    tools: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()


def read_table(folder: Path) -> Table:
    """The stored table, an empty one where there is none; raises InputError for a file that is no table."""
    path = folder / JSON_NAME
    if not path.exists():
        return Table()
    try:
        return Table.from_json(json.loads(path.read_text(encoding="utf-8")), "table")
    except (ValueError, BundleError) as error:
        raise InputError(f"{path} is no coverage table ({error})", remedy="remove it and run again") from error


def with_row(table: Table, row: Row, tools: Mapping[str, str]) -> Table:
    """The table with this row in its place; an older one of the same type goes."""
    found = {(one.task, one.name): one for one in (*table.rows, row)}
    rows = tuple(found[key] for one in TYPES if (key := (one.task, one.name)) in found)
    return Table(tools=dict(tools), rows=rows, extra=table.extra)


def write_table(folder: Path, table: Table) -> None:
    """Both files, each whole or not at all."""
    texts = {
        JSON_NAME: json.dumps(table.to_json(), indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        MARKDOWN_NAME: "\n".join(markdown(table)) + "\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        beside = folder / f".{name}.new"
        beside.write_text(text, encoding="utf-8")
        beside.replace(folder / name)


def markdown(table: Table) -> Iterator[str]:
    """The lines of the document."""
    yield "<!-- Written by `packager coverage`; `make coverage-table` completes it. -->"
    yield ""
    yield "# Coverage"
    yield ""
    tools = ", ".join(f"{name} {version}" for name, version in table.tools.items())
    yield f"{len(table.rows)} of {len(TYPES)} types were run ({tools}); a type without a row was not run."
    yield ""
    yield (
        "A small network of each type with random, jittered weights is built at batch 1 and 3. A cell holds the largest"
        " absolute error against torch / its tolerance; `made` was written and not run here, its proof is the x86 one."
        " MiB is the largest process."
    )
    for task in dict.fromkeys(one.task for one in TYPES):
        yield from _section(task, [row for row in table.rows if row.task == task])


def _section(task: str, rows: Sequence[Row]) -> Iterator[str]:
    listed = [one for one in TYPES if one.task == task]
    good = [sum(row.cells[column].good for row in rows) for column in range(4)]
    counts = ", ".join(f"{name} {count}" for name, count in zip(HEAD[1:5], good, strict=True))
    yield from ("", f"## {task}", "", f"{len(rows)} of {len(listed)} run; good: {counts}.", "")
    yield from _lines(HEAD, [_row(row) for row in rows])
    reasons = [
        (f"`{row.name}`", ", ".join(columns), _shortened(reason) + _accepted(row))
        for row in rows
        for reason, columns in _reasons(row).items()
    ]
    if reasons:
        yield from ("", "Why not:", "")
        yield from _lines(("type", "for", "reason"), reasons)


def _shortened(reason: str) -> str:
    return reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 1]}…"


def _accepted(row: Row) -> str:
    is_accepted = row.task == "image-classification" and row.name in ACCEPTED
    return f" (accepted: {ACCEPTED[row.name]})" if is_accepted else ""


def _row(row: Row) -> tuple[str, ...]:
    return (f"`{row.name}`", *map(_cell, row.cells), f"{row.seconds:.0f}", str(row.memory_bytes >> 20))


def _cell(cell: Cell) -> str:
    if not cell.good:
        return f"lacks {', '.join(f'`{one}`' for one in cell.missing)}" if cell.missing else "**no**"
    return "made" if cell.error < 0 else f"{cell.error:.1e} / {cell.tolerance:.1e}"


def _reasons(row: Row) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, cell in zip(HEAD[1:5], row.cells, strict=True):
        if not cell.good:
            found[cell.reason] = (*found.get(cell.reason, ()), name)
    return found


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"
