"""The sources of a recipe's stages, as the one source that a manifest names first."""

from __future__ import annotations

from collections.abc import Mapping

from edge.manifest import Licence, SourceEntry
from packager.hub.digest import digest_all, digest_file
from packager.hub.source import Source, licence_text
from packager.recipes.recipe import Recipe


def joined_entry(recipe: Recipe, sources: Mapping[str, Source]) -> SourceEntry:
    """The recipe as a source, with the licences of all `sources` (by stage)."""
    files = (digest_file(recipe.path, recipe.path.name),)
    found = sorted({one.licence.id for one in sources.values()})
    parts = [f"({one})" if " OR " in one and len(found) > 1 else one for one in found]
    return SourceEntry(
        kind="recipe",
        repository=recipe.name,
        revision=digest_all(files),
        licence=Licence(id=" AND ".join(parts), origin="stages"),
        files=files,
    )


def joined_licence_text(sources: Mapping[str, Source]) -> bytes:
    """Every licence text once, below the names of the stages that it is for."""
    stages: dict[bytes, list[str]] = {}
    for stage, source in sources.items():
        stages.setdefault(licence_text(source), []).append(f"{stage} ({source.repository})")
    parts = [f"{', '.join(names)}:\n\n".encode() + text.strip() + b"\n" for text, names in stages.items()]
    return b"\n\n".join(parts)
