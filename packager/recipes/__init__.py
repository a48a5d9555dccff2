"""Recipes: bundles of several networks, each with a source of its own. `NAME.toml` here is the recipe NAME."""

from __future__ import annotations

from packager.recipes.find import find_recipe, recipe_names
from packager.recipes.recipe import Recipe, StageRecipe

__all__ = ["Recipe", "StageRecipe", "find_recipe", "recipe_names"]
