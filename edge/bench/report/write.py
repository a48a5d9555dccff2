"""The forms that a report can be written in, by the ending of its file's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from edge.bench.report.judged import Judged
from edge.bench.report.markdown import markdown
from edge.bench.report.page import page
from edge.errors import InputError
from edge.whole_file import check_place, whole_file

FORMS: Mapping[str, Callable[[Sequence[Judged]], str]] = {".html": page, ".md": markdown}


def check_report(path: Path) -> None:
    """Raises InputError where a report cannot get that name: to be asked before anything is measured."""
    if path.suffix not in FORMS:
        raise InputError(f"{path}: a report ends in {' or '.join(FORMS)}", remedy="change the name")
    check_place(path)


def write_report(all_of: Sequence[Judged], path: Path) -> None:
    """Write it beside its name and rename it; raises EnvironmentLackError where the disk refuses."""
    check_report(path)
    text = FORMS[path.suffix](all_of)
    with whole_file(path) as file:
        file.write(text.encode())
