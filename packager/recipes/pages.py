"""A recipe's pages, read by the bundle as a device will read it: the proof of everything between the networks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from edge.bench.accuracy.texts import edit_distance, plain_text
from edge.bundle import Bundle
from edge.engines import choose
from edge.errors import EnvironmentLackError
from edge.golden_pages import check_page
from edge.machine import this_machine
from edge.manifest import GoldenPage
from packager.errors import ParityError, SourceError
from packager.hub.reading import read_bounded
from packager.progress import note
from packager.recipes.recipe import Recipe
from packager.worker import run_worker

FOLDER = "golden/pages"
LARGEST = 4 << 20
MOST_ERRORS = 0.05
"""Of the characters on a page: a model may be wrong about some, steps that do not fit it are wrong about most."""


@dataclass(frozen=True)
class RecipePage:
    """A picture by its path in the bundle, and the text that is on it."""

    image: str
    picture: bytes = field(repr=False)
    text: str


def load_pages(recipe: Recipe) -> tuple[RecipePage, ...]:
    """The recipe's pages; raises SourceError where a picture or its text cannot be read, or lies elsewhere."""
    return tuple(_load(recipe, page) for page in recipe.pages)


def _load(recipe: Recipe, page: str) -> RecipePage:
    folder = recipe.path.parent.resolve()
    path = (folder / page).resolve()
    if not path.is_relative_to(folder):
        raise SourceError(f"the page {page!r} does not lie beside the recipe", remedy="copy it there")
    try:
        text = read_bounded(path.with_suffix(".txt"), LARGEST).decode()
    except UnicodeDecodeError as error:
        raise SourceError(f"the text of the page {page!r} is not UTF-8", remedy="convert it to UTF-8") from error
    return RecipePage(f"{FOLDER}/{path.name}", read_bounded(path, LARGEST), text)


def read_pages(
    pages: Sequence[RecipePage], bundle: Bundle, engines: Sequence[str], threads: int
) -> tuple[GoldenPage, ...]:
    """What the bundle, which holds the pictures, reads of them, on every engine that can run all stages here.

    Raises ParityError where too much of it is not the page's text, CheckError where two engines do not agree,
    EnvironmentLackError where this machine lacks what reading pages needs.
    """
    able = [engine for engine in engines if can_run(bundle, engine)]
    if not able:
        note("pages", "left out: no engine of this bundle can read them on this machine")
        return ()
    images = [page.image for page in pages]
    first, *others = [(engine, read_golden_pages(bundle, engine, images, threads)) for engine in able]
    engine, golden = first
    for page, got in zip(pages, golden, strict=True):
        _check_text(engine, got, page.text)
    for other, found in others:
        for one, got in zip(golden, found, strict=True):
            check_page(one, got, other)
    return golden


def read_golden_pages(bundle: Bundle, engine: str, images: Sequence[str], threads: int) -> tuple[GoldenPage, ...]:
    """What one engine reads of pictures of the bundle."""
    request = {"bundle": str(bundle.path.absolute()), "engine": engine, "threads": threads, "images": images}
    reply = run_worker("packager.recipes.pages_worker", request, isolated=True)
    return tuple(GoldenPage.from_json(page) for page in reply["pages"])


def _check_text(engine: str, page: GoldenPage, truth: str) -> None:
    want, got = (plain_text(text).replace(" ", "") for text in (truth, "\n".join(line.text for line in page.lines)))
    errors = edit_distance(got, want)
    if errors > MOST_ERRORS * len(want):
        raise ParityError(
            f"{engine}: {errors} of the {len(want)} characters of {page.image} are read wrongly: {got[:60]!r} ...",
            remedy="check the recipe's characters, colours and sizes against what the networks were trained on",
        )


def can_run(bundle: Bundle, engine: str) -> bool:
    """Whether the engine can run every stage on this machine."""
    manifest = bundle.manifest
    try:
        for stage in manifest.stages:
            choose(stage, engine, precision=None, requires=manifest.requires, machine=this_machine())
    except EnvironmentLackError:
        return False
    return True
