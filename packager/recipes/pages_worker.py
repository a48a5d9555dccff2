"""Reads golden pages in a process of its own, as a device will: a bundle and an engine give lines of text."""

from __future__ import annotations

from typing import Any


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"bundle", "engine", "threads", "images"}` to `{"pages"}`: what was read of each image, as golden pages."""
    import edge
    from edge.golden_pages import golden_page
    from edge.results import Document
    from packager.errors import SourceError

    pages = []
    with edge.load(request["bundle"], engine=request["engine"], threads=request["threads"]) as model:
        for image in request["images"]:
            found = model(f"{request['bundle']}/{image}")
            if not isinstance(found, Document) or len(found.pages) != 1:
                raise SourceError(f"{image} cannot be read as one page", remedy="give a picture of one page")
            pages.append(golden_page(image, found).to_json())
    return {"pages": pages}
