"""Which class of transformers a checkpoint is loaded with, and for which task."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packager.capture.checkpoint import tensor_names
from packager.capture.tower import image_tower
from packager.capture.translate import translating
from packager.errors import UnsupportedModelError
from packager.tasks.feature_extraction import FEATURE_EXTRACTION
from packager.tasks.host import HostTask
from packager.tasks.modality import Modality
from packager.tasks.registry import MODALITIES, TASKS, find_task, modality_of, task_of_class
from packager.tasks.sentence import MODULES

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

OTHER_TASK = "give the task with --task, for example feature-extraction for the network without its head"


@dataclass(frozen=True)
class Choice:
    """A class with its configuration, the task that it does and what it reads."""

    model_class: type[PreTrainedModel]
    config: PretrainedConfig
    task: HostTask
    modality: Modality


def choose(config: PretrainedConfig, folder: Path, task: str) -> Choice:
    """The class for `task`; for `auto` by config.json's architectures, else by what the repository and weights hold.

    Raises UnsupportedModelError for a task that the type cannot do or that is none of ours.
    """
    named = tuple(config.architectures or ())
    found = _auto(config, folder, named) if task == "auto" else find_task(task)
    model_class = _class_for(config, folder, found, named)
    if found is FEATURE_EXTRACTION:  # one vector comes from one tower
        config, model_class = image_tower(config, model_class)
    modality = _modality(model_class, found)
    if modality is None:
        raise UnsupportedModelError(
            f"{model_class.__name__} reads {model_class.main_input_name}, which {found.name} does not take",
            remedy=f"inputs that are taken: {', '.join(dict.fromkeys(one.main_input for one in MODALITIES.values()))}",
        )
    return Choice(model_class, config, found, modality)


def _modality(model_class: type[PreTrainedModel], task: HostTask) -> Modality | None:
    """By the input that the class calls its main one, else by any that it takes."""
    taken = (model_class.main_input_name, *inspect.signature(model_class.forward).parameters)
    found = (modality_of(name) for name in taken)
    return next((one for one in found if one is not None and one.name in task.outputs), None)


def _auto(config: PretrainedConfig, folder: Path, named: tuple[str, ...]) -> HostTask:
    tasks = {task.name: task for task in map(task_of_class, named) if task is not None}
    if len(tasks) == 1:
        return next(iter(tasks.values()))
    if named and not tasks:
        raise UnsupportedModelError(f"{named[0]} does a task that is not built", remedy=OTHER_TASK)
    if (folder / MODULES).exists():
        return TASKS["feature-extraction"]
    able = [task for task in tasks.values() or TASKS.values() if task.endings and _classes(config, task)]
    if not able:
        raise UnsupportedModelError(
            f"the model type {config.model_type!r} does no task that is built", remedy=OTHER_TASK
        )
    best = _best_filled(config, folder, [one for task in able for one in _classes(config, task)])
    return next(task for task in able if best in _classes(config, task))


def _class_for(config: PretrainedConfig, folder: Path, task: HostTask, named: tuple[str, ...]) -> type[PreTrainedModel]:
    if not task.endings:
        return _named_class(named) or _first(_classes(config, task), config, task)
    classes = _classes(config, task)
    by_name = next((one for name in named for one in classes if one.__name__ == name), None)
    if by_name is not None:
        return by_name
    return _best_filled(config, folder, classes) if len(classes) > 1 and not named else _first(classes, config, task)


def _first(
    classes: tuple[type[PreTrainedModel], ...], config: PretrainedConfig, task: HostTask
) -> type[PreTrainedModel]:
    if not classes:
        raise UnsupportedModelError(f"the model type {config.model_type!r} cannot do {task.name}", remedy=OTHER_TASK)
    return classes[0]


def _named_class(named: tuple[str, ...]) -> type[PreTrainedModel] | None:
    """The class of transformers that config.json names, for a task that takes any."""
    import transformers

    for name in named:
        found = getattr(transformers, name, None)
        if isinstance(found, type) and issubclass(found, transformers.PreTrainedModel):
            return found
    return None


def _classes(config: PretrainedConfig, task: HostTask) -> tuple[type[PreTrainedModel], ...]:
    """What transformers offers for this type and task."""
    from transformers.models.auto import modeling_auto

    with translating(f"{task.name} of the type {config.model_type!r}", UnsupportedModelError, remedy=OTHER_TASK):
        found: Any = getattr(modeling_auto, task.mapping).get(type(config), ())
    return tuple(found) if isinstance(found, list | tuple) else (found,)


def _best_filled(
    config: PretrainedConfig, folder: Path, classes: list[type[PreTrainedModel]] | tuple[type[PreTrainedModel], ...]
) -> type[PreTrainedModel]:
    """The class that the checkpoint leaves the fewest parameters of without a value, and then wastes the fewest of."""
    from packager.capture.architecture import on_meta

    stored = tensor_names(folder)

    def badness(model_class: type[PreTrainedModel]) -> tuple[int, int]:
        prefix = f"{model_class.base_model_prefix}."
        wanted = {name.removeprefix(prefix) for name, _ in on_meta(model_class, config).named_parameters()}
        held = {name.removeprefix(prefix) for name in stored}
        return len(wanted - held), len(held - wanted)

    return min(classes, key=badness)
