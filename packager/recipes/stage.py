"""A network becomes a stage: the recipe says which steps are around it, in place of what its source says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from edge.tasks.ocr.options import Ctc
from packager.errors import UnsupportedModelError
from packager.hub.source import Source
from packager.networks.network import Network
from packager.recipes.characters import characters_file
from packager.recipes.recipe import StageRecipe


def as_stage(
    name: str, recipe: StageRecipe, networks: Sequence[Network], source: Source, characters: Path | None
) -> Network:
    """The stage `name` of the networks that were made of `source`; `characters` is a file of them, given by the user.

    Raises UnsupportedModelError where it is not one network, SourceError where its characters do not fit.
    """
    if len(networks) != 1:
        raise UnsupportedModelError(
            f"{source.repository} has {len(networks)} networks, the stage {name} is one", remedy="give another source"
        )
    (network,) = networks
    files = {
        ctc.file: characters_file(source, characters, ctc, network.outputs, name)
        for ctc in (Ctc.from_json(dict(step.options)) for step in recipe.after if step.kind == "ctc")
    }
    return replace(network, stage=name, preprocess=recipe.before, postprocess=recipe.after, files=files)
