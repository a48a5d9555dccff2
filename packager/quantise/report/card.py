"""The files of a card in a bundle, by their names."""

from __future__ import annotations

from collections.abc import Mapping

from edge.manifest import Manifest
from packager.quantise.report.markdown import markdown
from packager.quantise.report.page import page

CARD_NAMES = ("quantisation.html", "quantisation.md")


def card(manifest: Manifest) -> Mapping[str, bytes]:
    """The page and the Markdown; the same manifest gives the same bytes. Nothing where no stage was quantised."""
    if all(stage.quantisation is None for stage in manifest.stages):
        return {}
    html, md = CARD_NAMES
    return {html: page(manifest).encode(), md: markdown(manifest).encode()}
