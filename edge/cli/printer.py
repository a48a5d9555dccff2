"""The one way to print a result: text for people, or JSON with `--json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from edge.cli.application import plain

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """The option `--json`, as the argument `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def show(as_json: bool, data: Mapping[str, Any], lines: Iterable[str]) -> None:
    """Print `data` as one JSON document, or the lines; control characters in a line are replaced."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        click.echo(" " * indent + visible(line[indent:]))


def visible(line: str) -> str:
    """The line without control characters, its spaces kept."""
    return "".join(letter if letter.isprintable() else plain(letter) or " " for letter in line)


def table(rows: Sequence[Sequence[str]], *, indent: int = 0) -> list[str]:
    """The rows with their columns aligned to the left, two spaces between them."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        " " * indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def mebibytes(size: int) -> str:
    """A number of bytes for people: `13.4 MiB`, `812 bytes`."""
    return f"{size / (1 << 20):.1f} MiB" if size >= 1 << 19 else f"{size} bytes"
