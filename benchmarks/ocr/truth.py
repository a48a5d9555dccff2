"""The pages whose text is known, and how near a reader comes to it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.places import evaluation_data
from edge.bench.accuracy.texts import edit_distance, plain_text


@dataclass(frozen=True)
class Truth:
    """A page and what it says, in which language (`ch`, `none`, or of ISO 639-1); `pixels` is its size."""

    path: Path
    lines: tuple[str, ...]
    language: str
    tags: frozenset[str]
    pixels: int

    @property
    def name(self) -> str:
        """Of its file."""
        return self.path.name


@dataclass(frozen=True)
class Score:
    """Of `length` characters and `lines` lines.

    `edits` lead from the text in the reader's order to the truth. `unordered` are those that are left where lines may
    come in any order; `exact` lines are right to the character.
    """

    edits: int
    unordered: int
    length: int
    exact: int
    lines: int


def truths() -> list[Truth]:
    """The pages of the evaluation data."""
    from PIL import Image

    folder = evaluation_data() / "ocr"
    entries = json.loads((folder / "ground_truth.json").read_text(encoding="utf-8"))
    found = []
    for one in entries:
        path = folder / one["file"]
        with Image.open(path) as image:
            pixels = image.width * image.height
        found.append(Truth(path, tuple(one["lines"]), one["language"], frozenset(one["tags"]), pixels))
    return found


def score(read: Sequence[str], truth: Truth) -> Score:
    """How far the lines that were read are from the truth, all as `plain_text`."""
    wanted, given = [plain_text(line) for line in truth.lines], [plain_text(line) for line in read]
    whole = plain_text("\n".join(truth.lines))
    same = Counter(wanted) & Counter(given)
    return Score(
        edits=edit_distance(plain_text("\n".join(read)), whole),
        unordered=_unordered(list((Counter(given) - same).elements()), list((Counter(wanted) - same).elements())),
        length=len(whole),
        exact=same.total(),
        lines=len(wanted),
    )


def _unordered(given: Sequence[str], wanted: Sequence[str]) -> int:
    """Edits after the likest lines were paired, greedily; a line without a partner is wrong as a whole."""
    apart = {(g, w): edit_distance(mine, line) for g, mine in enumerate(given) for w, line in enumerate(wanted)}
    edits = 0
    for g, w in sorted(apart, key=lambda pair: apart[pair] / max(len(given[pair[0]]), len(wanted[pair[1]]), 1)):
        if (g, w) in apart and apart[g, w] < max(len(given[g]), len(wanted[w])):
            edits += apart[g, w] - len(given[g]) - len(wanted[w])
            apart = {(one, other): cost for (one, other), cost in apart.items() if one != g and other != w}
    return edits + sum(map(len, given)) + sum(map(len, wanted))


@dataclass(frozen=True)
class Total:
    """Rates over pages: edits per character in the reader's order and in any, and exact lines and pages."""

    cer: float
    unordered: float
    exact_lines: int
    exact_pages: int

    def __str__(self) -> str:
        rates = f"CER {self.cer:.4f}, {self.unordered:.4f} in any order"
        return f"{rates}; exact: {self.exact_lines} lines, {self.exact_pages} pages"


def total(scores: Mapping[str, Score], names: Collection[str]) -> Total:
    """Over the pages that are named."""
    chosen = [scores[name] for name in names]
    length = max(sum(one.length for one in chosen), 1)
    return Total(
        cer=sum(one.edits for one in chosen) / length,
        unordered=sum(one.unordered for one in chosen) / length,
        exact_lines=sum(one.exact for one in chosen),
        exact_pages=sum(not one.edits for one in chosen),
    )
