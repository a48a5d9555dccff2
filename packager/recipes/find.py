"""From a recipe's name or path to the recipe."""

from __future__ import annotations

from pathlib import Path

from edge.errors import BundleError, EnvironmentLackError, InputError
from packager.hub.reading import read_bounded
from packager.recipes.recipe import Document, Recipe

SUFFIX = ".toml"
LARGEST = 1 << 20
FOLDER = Path(__file__).parent


def recipe_names() -> tuple[str, ...]:
    """The recipes that come with packager."""
    return tuple(sorted(path.stem for path in FOLDER.glob(f"*{SUFFIX}")))


def find_recipe(source: str) -> Recipe | None:
    """The recipe that SOURCE names, by its path (`.toml`) or its name; None where SOURCE is something else.

    A path that exists wins over a recipe's name. Raises InputError for a file that is no recipe.
    """
    path = Path(source).expanduser()
    if path.suffix == SUFFIX:
        return read_recipe(path)
    return read_recipe(FOLDER / f"{source}{SUFFIX}") if source in recipe_names() and not path.exists() else None


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file; raises InputError where it is not one, or is larger than a megabyte."""
    try:
        import tomllib
    except ModuleNotFoundError as error:
        raise EnvironmentLackError("recipes cannot be read by Python 3.10", remedy="build with Python 3.11") from error
    data = read_bounded(path, LARGEST)
    try:
        document = Document.from_json(tomllib.loads(data.decode()), "the recipe")
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no TOML ({error})", remedy="compare it with a recipe of packager") from error
    except BundleError as error:
        raise InputError(
            f"{path} is no recipe: {error.message}", remedy="compare it with a recipe of packager"
        ) from error
    return Recipe(path.stem, path, document.about, document.task, document.stages, document.pages)
