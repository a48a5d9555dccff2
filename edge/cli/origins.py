"""Where a bundle or a stage of it comes from, as a person reads it."""

from __future__ import annotations

from edge.manifest import SourceEntry


def origin(source: SourceEntry) -> str:
    """`org/name (huggingface) at 40 digits`."""
    return f"{source.repository} ({source.kind}) at {source.revision}"


def licence(source: SourceEntry) -> str:
    """`MIT (stated)`."""
    return f"{source.licence.id} ({source.licence.origin})"
