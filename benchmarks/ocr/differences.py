"""Every line that was not read as the truth has it, and of what kind the difference is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ocr.truth import Truth
from edge.bench.accuracy.texts import edit_distance, plain_text

KNOWN = frozenset({"ch", "en", "none"})
ALIKE = 0.7
"""Edits by length under which two lines are taken for one."""


@dataclass(frozen=True)
class Difference:
    """On a page: the line that should be there, the one that was read, and what distinguishes them; empty is none."""

    page: str
    wanted: str
    read: str
    kind: str


def differences(pages: Sequence[Truth], read: Path) -> list[Difference]:
    """Of all pages, and as a table beside the texts that were read."""
    texts = json.loads(read.read_text(encoding="utf-8"))
    found = [one for page in pages for one in _on(page, texts[page.name]["text"])]
    cells = ["| page | should be | was read | difference |\n|---|---|---|---|"]
    cells += [f"| {one.page} | {_cell(one.wanted)} | {_cell(one.read)} | {one.kind} |" for one in found]
    read.with_suffix(".md").write_text("\n".join(cells) + "\n", encoding="utf-8")
    return found


def _on(page: Truth, lines: Sequence[str]) -> Iterator[Difference]:
    left, missing = [plain_text(line) for line in lines], []
    for line in map(plain_text, page.lines):
        if line in left:
            left.remove(line)
        else:
            missing.append(line)
    for line in missing:
        near = min(left, key=lambda one: edit_distance(one, line) / max(len(one), len(line), 1), default="")
        if edit_distance(near, line) < ALIKE * max(len(near), len(line)):
            left.remove(near)
        else:
            near = ""
        yield Difference(page.name, line, near, _kind(line, near, page))
    for line in left:
        yield Difference(page.name, "", line, _kind("", line, page))


def _kind(wanted: str, read: str, page: Truth) -> str:
    if page.language not in KNOWN:
        return "in a script that the weights do not know"
    if not read:
        return "lost, or within another line"
    if not wanted:
        return "part of a line" if any(read in plain_text(line) for line in page.lines) else "nothing there"
    if wanted.replace(" ", "") == read.replace(" ", ""):
        return "in spaces"
    if wanted.casefold() == read.casefold():
        return "in case"
    return "in characters"


def _cell(text: str) -> str:
    return text.replace("|", "\\|") or "-"
