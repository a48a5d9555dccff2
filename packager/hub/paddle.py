"""Folders with a Paddle inference model: a program (`.pdmodel`) and its weights (`.pdiparams`)."""

from __future__ import annotations

from collections.abc import Collection

from packager.errors import SourceError
from packager.hub.needed import CARD, licence_files

PROGRAM = ".pdmodel"
PARAMETERS = ".pdiparams"
_PADDLE3_PROGRAM = "inference.json"


def is_paddle(names: Collection[str]) -> bool:
    """Whether the folder holds a Paddle model of any age."""
    return any(name.endswith((PROGRAM, PARAMETERS)) for name in names if "/" not in name)


def files(names: Collection[str], label: str) -> list[str]:
    """The program, its weights, and the licence; raises SourceError where there is not exactly one pair."""
    programs = sorted(name for name in names if name.endswith(PROGRAM) and "/" not in name)
    if not programs and _PADDLE3_PROGRAM in names:
        raise SourceError(
            f"{label} holds a Paddle 3 program ({_PADDLE3_PROGRAM}), which this version cannot read yet",
            remedy="export the model with FLAGS_enable_pir_api=0, which writes a .pdmodel",
        )
    if len(programs) != 1:
        count = "no .pdmodel beside its .pdiparams" if not programs else f"several programs: {', '.join(programs)}"
        raise SourceError(f"{label} has {count}", remedy="give a folder with one .pdmodel and its .pdiparams")
    parameters = programs[0].removesuffix(PROGRAM) + PARAMETERS
    if parameters not in names:
        raise SourceError(f"{label} has {programs[0]} without {parameters}", remedy="copy the weights beside it")
    return sorted({programs[0], parameters, *licence_files(names), *{CARD}.intersection(names)})
