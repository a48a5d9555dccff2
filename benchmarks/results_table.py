"""benchmarks/RESULTS.md from benchmarks/results/*.json: what every suite found on its last run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.places import RESULTS

SHOWS = "shows-"


def document(folder: Path = RESULTS) -> Iterator[str]:
    """A section for each file, suites before shows; tables of goal, figure and verdict."""
    yield "# Results"
    yield ""
    yield "What `python -m benchmarks` and `make shows` found last. Goals that were missed say so."
    for path in sorted(folder.glob("*.json"), key=lambda path: (path.stem.startswith(SHOWS), path.stem)):
        yield from _section(path.stem, json.loads(path.read_text(encoding="utf-8")))


def _section(name: str, record: dict[str, Any]) -> Iterator[str]:
    machine = record["machine"]
    yield ""
    yield f"## {name.replace('-', ' ')}"
    yield ""
    memory = f"{machine['memory_bytes'] / 1e9:.0f} GB"
    yield f"`{record['command']}`, {record['date'][:10]}, {machine['cores']} cores of {machine['cpu']}, {memory}."
    for title, rows in record["goals"].items():
        yield ""
        yield f"| {_cell(title)} | found | |"
        yield "|---|---|---|"
        for row in rows:
            yield f"| {_cell(row['goal'])} | {_cell(row['figure'])} | {'met' if row['met'] else '**missed**'} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
