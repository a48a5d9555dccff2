"""The card of a bundle as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from edge.bench.report.markdown import escaped, sheet_lines
from edge.manifest import Manifest
from edge.quantisation import Quantisation
from packager.quantise.report.sheets import sheets
from packager.quantise.report.tried import chosen, tried


def markdown(manifest: Manifest) -> str:
    """A part for each stage that has something to say of quantisation."""
    return "\n".join(_blocks(manifest))


def _blocks(manifest: Manifest) -> Iterator[str]:
    yield f"# Quantisation of {escaped(manifest.name)}"
    yield ""
    for stage in manifest.stages:
        if stage.quantisation is not None:
            yield f"## {escaped(stage.name)}"
            yield ""
            yield from _stage(stage.quantisation)


def _stage(found: Quantisation) -> Iterator[str]:
    for one in chosen(tried(found)):
        yield f"- **{escaped(one.title)}**: {escaped(one.record.reason)}"
    yield ""
    for sheet in sheets(found):
        yield from sheet_lines(sheet, 3)
