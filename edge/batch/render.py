"""What a record holds of a result: plain data, or what a format makes of a document."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from edge.batch.records import plain_result
from edge.errors import InputError
from edge.formats import Format, Reading, format_named, rendered
from edge.preprocess.pages import pages
from edge.results import Document, Result

if TYPE_CHECKING:
    from edge.preprocess.images import Picture

JSON = "json"

Render = Callable[[str, Any, Result], Any]
"""From an input's name, the input and its result."""


def renderer(form: str, task: str, max_pixels: int | None) -> Render:
    """What makes results into what is kept; raises InputError for a format that does not go with the task."""
    if form in ("", JSON):
        return _plain
    chosen = format_named(form)
    if task != "ocr":
        raise InputError(f"the format {form} is one of read pages, the bundle's task is {task}", remedy="give json")
    return partial(_formatted, chosen, max_pixels)


def content_of(result: Any) -> bytes:
    """The file that a format made, out of its record."""
    return base64.b64decode(result["base64"]) if isinstance(result, dict) else str(result).encode()


def _plain(_name: str, _given: Any, result: Result) -> Any:
    return plain_result(result)


def _formatted(form: Format, max_pixels: int | None, name: str, given: Any, result: Result) -> Any:
    if not isinstance(result, Document):
        raise TypeError(f"{form.name} is made of documents, not of {type(result).__name__}")

    def pictures() -> Iterator[Picture]:
        return pages(given, max_pixels=max_pixels)

    content = rendered(form, Reading(name, result, pictures))
    return {"base64": base64.b64encode(content).decode()} if form.binary else content.decode()
