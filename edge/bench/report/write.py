"""The forms that a report can be written in, by the ending of its file's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from edge.bench.report.judged import Judged
from edge.bench.report.markdown import markdown
from edge.bench.report.page import page
from edge.errors import EnvironmentLackError, InputError

FORMS: Mapping[str, Callable[[Sequence[Judged]], str]] = {".html": page, ".md": markdown}


def check_report(path: Path) -> None:
    """Raises InputError where a report cannot get that name: to be asked before anything is measured."""
    if path.suffix not in FORMS:
        raise InputError(f"{path}: a report ends in {' or '.join(FORMS)}", remedy="change the name")
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path.parent} is no folder", remedy="create it first")
    if path.is_dir():
        raise InputError(f"{path} is a folder", remedy="give a file's name")


def write_report(all_of: Sequence[Judged], path: Path) -> None:
    """Write it beside its name and rename it; raises EnvironmentLackError where the disk refuses."""
    check_report(path)
    text = FORMS[path.suffix](all_of)
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise EnvironmentLackError(
            f"{path} cannot be written ({error.strerror})", remedy="check the space and rights of its folder"
        ) from error
