"""What a recipe says: the stages of a bundle, where each comes from, and the steps around its network.

    about = "PP-OCRv4 mobile: Chinese and English"
    task = "ocr"
    pages = ["pages/english.png"]

    [stages.detect]
    source = "PaddlePaddle/PP-OCRv4_mobile_det"

    [stages.detect.preprocess.page]
    multiple = 32
    ...

A stage without a source is left out, unless the user gives one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from edge.errors import BundleError, InputError
from edge.manifest import Step
from edge.records import Record
from edge.tasks.ocr.options import STEPS, step_of

Options = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class StageRecipe(Record):
    """A stage: `source` is what `packager build` takes, the steps are options by their kinds, in order."""

    source: str = ""
    preprocess: Mapping[str, Options]
    postprocess: Mapping[str, Options]

    def __post_init__(self) -> None:
        """Raises BundleError for a field or step that is not known, or options that it cannot have."""
        _refuse_extra(self)
        _steps(self.preprocess), _steps(self.postprocess)

    @property
    def before(self) -> tuple[Step, ...]:
        """The steps from pixels to the network."""
        return _steps(self.preprocess)

    @property
    def after(self) -> tuple[Step, ...]:
        """The steps that read its outputs."""
        return _steps(self.postprocess)


@dataclass(frozen=True, kw_only=True)
class Document(Record):
    """The file, as it is written."""

    about: str
    task: str
    stages: Mapping[str, StageRecipe]
    pages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises BundleError for a field that is not known, or too few stages."""
        _refuse_extra(self)
        if len(self.stages) < 2:
            raise BundleError("a recipe has two stages or more")


@dataclass(frozen=True)
class Recipe:
    """A recipe that was read from `path`; `pages` are pictures beside it, each with its text (`.txt`) beside that."""

    name: str
    path: Path
    about: str
    task: str
    stages: Mapping[str, StageRecipe] = field(repr=False)
    pages: tuple[str, ...] = ()

    def with_sources(self, sources: Mapping[str, str]) -> Recipe:
        """The recipe with these sources by stage, an empty one to leave the stage out, and only stages that have one.

        Raises InputError for a stage that it has not, or where its first or its last one would be left out.
        """
        for name in sources:
            if name not in self.stages:
                raise InputError(
                    f"the recipe {self.name} has no stage {name!r}", remedy=f"its stages: {', '.join(self.stages)}"
                )
        given = {name: replace(one, source=sources.get(name, one.source)) for name, one in self.stages.items()}
        kept = {name: one for name, one in given.items() if one.source}
        names = list(self.stages)
        for name in (names[0], names[-1]):
            if name not in kept:
                raise InputError(
                    f"the recipe {self.name} cannot do without its stage {name!r}",
                    remedy=f"say where it is with --source {name}=SOURCE",
                )
        return replace(self, stages=kept)


def _steps(declared: Mapping[str, Options]) -> tuple[Step, ...]:
    return tuple(_step(kind, options) for kind, options in declared.items())


def _step(kind: str, options: Options) -> Step:
    if kind not in STEPS:
        raise BundleError(f"there is no step {kind!r} (known: {', '.join(STEPS)})")
    return step_of(STEPS[kind].from_json(dict(options), kind))


def _refuse_extra(record: Record) -> None:
    if record.extra:
        raise BundleError(f"there is no field {min(record.extra)!r}")
