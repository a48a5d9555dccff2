"""The table as JSON, which is kept, and as Markdown, which is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from edge.errors import BundleError, InputError
from edge.records import Record
from packager.coverage.row import Cell, Row, Run
from packager.coverage.types import ACCEPTED, TYPES

JSON_NAME, MARKDOWN_NAME = "coverage.json", "coverage.md"
COLUMNS = ("Paddle", "ONNX", "Lite arm", "Lite x86")
COUNTS = ("task", "listed", "run", *COLUMNS)
HEAD = ("type", *COLUMNS, "seconds", "MiB")
LONGEST_REASON = 240
GIB = 1 << 30


@dataclass(frozen=True, kw_only=True)
class Table(Record):
    """All rows in the order of the registry, the versions that measured the latest of them, and the last whole run."""

    tools: Mapping[str, str] = field(default_factory=dict)
    run: Run | None = None
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
    return replace(table, tools=dict(tools), rows=rows)


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
    """The lines of the document: how many of each task go how far, what that means, then every type by task."""
    sections = {
        task: [row for row in table.rows if row.task == task] for task in dict.fromkeys(one.task for one in TYPES)
    }
    yield "<!-- Written by `packager coverage`; `make coverage-table` completes it. -->"
    yield from ("", "# Coverage", "")
    yield "Which architectures of transformers become bundles. A model's `config.json` names its own as `model_type`."
    yield ""
    yield from _lines(COUNTS, [_counts(task, rows) for task, rows in sections.items()])
    yield ""
    yield (
        "Of each type a small network with random, jittered weights goes the whole road, in batches of 1 and 3. A cell"
        " holds the largest absolute error against torch / what is allowed. Lite arm is `made` and not run here: its"
        " proof is Lite x86, from the same program. MiB is the largest process."
    )
    yield ""
    yield from _measured(table)
    for task, rows in sections.items():
        if rows:
            yield from _section(task, rows)


def _counts(task: str, rows: Sequence[Row]) -> tuple[str, ...]:
    listed = sum(one.task == task for one in TYPES)
    good = (sum(row.cells[column].good for row in rows) for column in range(4))
    return (f"[{task}](#{task})" if rows else task, str(listed), str(len(rows)), *map(str, good))


def _measured(table: Table) -> Iterator[str]:
    tools = ", ".join(f"{name} {version}" for name, version in table.tools.items())
    yield f"Measured with {tools}."
    if run := table.run:
        memory = f"at most {run.memory_bytes / GIB:.1f} GiB were resident at a time"
        yield f"A run of {run.types} types took {run.seconds / 60:.0f} min, {run.jobs} at a time; {memory}."


def _section(task: str, rows: Sequence[Row]) -> Iterator[str]:
    yield from ("", f"## {task}", "")
    yield from _lines(HEAD, [_row(row) for row in rows])
    fixed = [f"`{row.name}` ({axis} {size})" for row in rows for axis, size in row.fixed.items()]
    if fixed:
        yield from ("", f"For one size only: {', '.join(fixed)}.")
    reasons: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in rows:
        for reason, columns in _reasons(row).items():
            reasons.setdefault((_shortened(reason) + _accepted(row), columns), []).append(f"`{row.name}`")
    if reasons:
        yield from ("", "Why not:", "")
        found = [(", ".join(names), ", ".join(columns), reason) for (reason, columns), names in reasons.items()]
        yield from _lines(("types", "for", "reason"), found)


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
    for name, cell in zip(COLUMNS, row.cells, strict=True):
        if not cell.good:
            found[cell.reason] = (*found.get(cell.reason, ()), name)
    return found


def _lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', '/').replace('<', '&lt;') for cell in row)} |"
