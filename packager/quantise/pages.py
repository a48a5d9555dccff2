"""The golden pages of a bundle whose networks were quantised, read again: some letters may be others."""

from __future__ import annotations

from collections.abc import Sequence

from edge.bundle import Bundle
from edge.errors import CheckError
from edge.golden_pages import check_page
from edge.manifest import GoldenPage
from packager.progress import note
from packager.recipes.pages import can_run, read_golden_pages

THREADS = 2


def pages_again(bundle: Bundle, engines: Sequence[str]) -> tuple[GoldenPage, ...]:
    """What the bundle reads now of its pages; those of which its engines read the same.

    The score says how much worse they are read; a device only shows that it reads what this host did.
    """
    images = [page.image for page in bundle.manifest.pages]
    readings = [read_golden_pages(bundle, one, images, THREADS) for one in engines if can_run(bundle, one)]
    if not readings:
        note("pages", "left as they are: no engine of this bundle can read them on this machine")
        return bundle.manifest.pages
    kept = [page for page, *others in zip(*readings, strict=True) if _agree(page, others)]
    for image in set(images) - {page.image for page in kept}:
        note("pages", f"{image} is left out: the engines read it differently since they are quantised")
    return tuple(kept)


def _agree(page: GoldenPage, others: Sequence[GoldenPage]) -> bool:
    try:
        for other in others:
            check_page(page, other, "the other engine")
    except CheckError:
        return False
    return True
