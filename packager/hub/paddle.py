"""Folders with a Paddle inference model: a program (`.pdmodel`, in Paddle 3 `.json`) and its weights (`.pdiparams`)."""

from __future__ import annotations

from collections.abc import Collection

from packager.errors import SourceError
from packager.hub.needed import CARD, licence_files

PROGRAM = ".pdmodel"
PROGRAM_3 = ".json"
PARAMETERS = ".pdiparams"
SETTINGS = "inference.yml"
"""What was exported beside a program: how its inputs are made, and how its outputs are read."""


def is_paddle(names: Collection[str]) -> bool:
    """Whether the folder holds a Paddle model of any age."""
    return any(name.endswith((PROGRAM, PARAMETERS)) for name in names if "/" not in name)


def is_paddle3(names: Collection[str]) -> bool:
    """Whether its program is in Paddle 3's format; one with both is taken in the older, which more engines can have."""
    return not _programs(names, PROGRAM) and bool(_programs(names, PROGRAM_3))


def files(names: Collection[str], label: str) -> list[str]:
    """The program, its weights, settings and licence; raises SourceError where there is not exactly one pair."""
    suffix = PROGRAM_3 if is_paddle3(names) else PROGRAM
    programs = _programs(names, suffix)
    if len(programs) != 1:
        count = "no program beside its .pdiparams" if not programs else f"several programs: {', '.join(programs)}"
        raise SourceError(
            f"{label} has {count}", remedy="give a folder with one .pdmodel (or Paddle 3's .json) and its .pdiparams"
        )
    parameters = programs[0].removesuffix(suffix) + PARAMETERS
    if parameters not in names:
        raise SourceError(f"{label} has {programs[0]} without {parameters}", remedy="copy the weights beside it")
    return sorted({programs[0], parameters, *licence_files(names), *{CARD, SETTINGS}.intersection(names)})


def _programs(names: Collection[str], suffix: str) -> list[str]:
    """A `.json` is a program only beside weights of the same name: folders have others."""
    found = sorted(name for name in names if name.endswith(suffix) and "/" not in name)
    return [one for one in found if suffix == PROGRAM or one.removesuffix(suffix) + PARAMETERS in names]
