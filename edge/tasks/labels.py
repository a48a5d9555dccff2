"""The file of labels."""

from __future__ import annotations

from dataclasses import dataclass

from edge.bundle import Bundle
from edge.errors import BundleError
from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Labels(Record):
    """Where the labels are, one a line, line n for logit n."""

    file: str


def read_labels(bundle: Bundle, name: str) -> list[str]:
    """The labels in order; raises BundleError where they cannot be read."""
    try:
        labels = bundle.file(name).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeError) as error:
        raise BundleError(f"{name} cannot be read ({error})", remedy="build the bundle again") from error
    return labels
