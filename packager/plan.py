"""Which sources a bundle is built from: one, or those of a recipe's stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edge.errors import InputError
from edge.manifest import SourceEntry
from packager.hub.source import Source, licence_text
from packager.networks.network import Network
from packager.order import Order
from packager.recipes import Recipe, find_recipe
from packager.recipes.origins import joined_entry, joined_licence_text
from packager.recipes.pages import RecipePage, load_pages
from packager.recipes.stage import as_stage


@dataclass(frozen=True)
class Plan:
    """The sources in the order of the stages. Without a `recipe` there is one, which says itself what its stages are.

    Lists of origins below are the resolved sources, in this order.
    """

    sources: tuple[str, ...]
    recipe: Recipe | None = None
    pages: tuple[RecipePage, ...] = ()

    def stages(self, number: int, networks: Sequence[Network], origin: Source, order: Order) -> Sequence[Network]:
        """What the networks of source `number` are in the bundle."""
        if self.recipe is None:
            return networks
        name, stage = list(self.recipe.stages.items())[number]
        return (as_stage(name, stage, networks, origin, order.characters),)

    def entry(self, origins: Sequence[Source]) -> SourceEntry:
        """What the manifest says that the bundle was built from."""
        return joined_entry(self.recipe, self._by_stage(origins)) if self.recipe else origins[0].entry()

    def licence(self, origins: Sequence[Source]) -> bytes:
        """The bundle's LICENSE."""
        return joined_licence_text(self._by_stage(origins)) if self.recipe else licence_text(origins[0])

    def _by_stage(self, origins: Sequence[Source]) -> dict[str, Source]:
        return dict(zip(self.recipe.stages if self.recipe else (), origins, strict=True))


def make_plan(source: str, order: Order, *, revision: str | None, sources: Mapping[str, str]) -> Plan:
    """The plan for SOURCE; `sources` replace those of a recipe, by stage.

    Raises InputError for options that go with a recipe only, or that a recipe decides.
    """
    recipe = find_recipe(source)
    if recipe is None:
        if sources or order.characters:
            raise InputError(
                f"{source} is no recipe, so it has no stages", remedy="leave --source and --characters out"
            )
        return Plan((source,))
    decided = {
        "--revision": revision,
        "--task": order.task != "auto",
        "--shape": order.shape,
        "--samples": order.samples,
    }
    for option, given in decided.items():
        if given:
            raise InputError(f"{option} does not go with a recipe", remedy="write a recipe of your own: NAME.toml")
    recipe = recipe.with_sources(sources)
    return Plan(tuple(stage.source for stage in recipe.stages.values()), recipe, load_pages(recipe))
