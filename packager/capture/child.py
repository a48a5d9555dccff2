"""The capture stage's child process: the only one that loads torch and transformers."""

from __future__ import annotations

import logging
import resource
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from packager.capture.translate import within_memory, writing
from packager.tasks.modality import Feeds
from packager.tasks.plan import InputPlan

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

    from packager.capture.choose import Choice
    from packager.capture.convert import Converted
    from packager.capture.preflight import Flight

THREADS = 1


def run(request: Mapping[str, Any]) -> dict[str, Any]:
    """Capture as `packager.capture.captured.capture` asks; the reply is plain JSON."""
    if request["memory_limit"]:
        resource.setrlimit(resource.RLIMIT_DATA, (request["memory_limit"], request["memory_limit"]))
    with within_memory():
        _quiet()
        return _capture(
            Path(request["source"]),
            Path(request["folder"]),
            request["task"],
            tuple(request["engines"]),
            Path(request["real"]) if request["real"] else None,
            request["seed"],
        )


def _quiet() -> None:
    import torch
    import transformers

    # One thread: sums are added in one order, whatever the number of cores.
    torch.set_num_threads(THREADS)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    logging.getLogger("torch").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")


def _capture(
    source: Path, folder: Path, task: str, engines: tuple[str, ...], real: Path | None, seed: int
) -> dict[str, Any]:
    import torch
    import transformers

    from packager.capture.choose import choose
    from packager.capture.config import load_config
    from packager.capture.facts import labels_of, model_facts
    from packager.capture.real import read_real
    from packager.capture.reference import write_reference
    from packager.capture.tokenizer import read_tokenizer

    config = load_config(source)
    choice = choose(config, source, task)
    tokenizer = read_tokenizer(source, folder) if choice.modality.name == "text" else None
    facts = model_facts(choice, config, source, tokenizer)
    plan = choice.modality.inputs(facts)
    calls = choice.modality.samples(facts, np.random.default_rng(seed)) + (read_real(real, plan) if real else ())
    model, flight = _load(choice, config, source, plan, engines)
    converted, rewrites = _convert(choice, model, flight, plan, calls, folder, engines)
    write_reference(model, calls, converted.graph.outputs, flight.outputs, choice.modality, folder)
    return {
        "task": choice.task.name,
        "modality": choice.modality.name,
        "architecture": choice.model_class.__name__,
        "inputs": [one.to_json() for one in plan],
        "tokenizer": str(tokenizer.file) if tokenizer and tokenizer.file else "",
        "labels": labels_of(config) if choice.task.labels else (),
        "facts": facts.to_json(),
        "tools": {"torch": torch.__version__, "transformers": transformers.__version__},
        "rewrites": rewrites,
    }


def _load(
    choice: Choice, config: PretrainedConfig, source: Path, plan: Sequence[InputPlan], engines: Sequence[str]
) -> tuple[PreTrainedModel, Flight]:
    """The weights, once the architecture has passed; a pooler that was never trained gives way to the next output."""
    from packager.capture.load import load_model, refuse_untrained
    from packager.capture.preflight import preflight

    alternatives = choice.task.outputs[choice.modality.name]
    flight = preflight(choice, config, plan, engines, alternatives)
    model, missing = load_model(source, choice.model_class, config)
    others = alternatives[alternatives.index(flight.outputs) + 1 :]
    if missing & flight.parameters and others:
        flight = preflight(choice, config, plan, engines, others)
    refuse_untrained(missing, flight.parameters, choice.model_class.__name__)
    return model, flight


def _convert(
    choice: Choice,
    model: PreTrainedModel,
    flight: Flight,
    plan: Sequence[InputPlan],
    calls: Sequence[Feeds],
    folder: Path,
    engines: Sequence[str],
) -> tuple[Converted, tuple[str, ...]]:
    """Write `graph.json` and `constants.safetensors`; the constants' memory is free afterwards."""
    from packager.capture.constants import DigestConstants
    from packager.capture.convert import convert
    from packager.capture.export import export
    from packager.capture.preflight import check
    from packager.capture.rewrites import choose_rewrites
    from packager.capture.wrapper import Captive

    # The second call has a batch and, for texts, padding.
    rewrites = choose_rewrites(model, plan, flight.outputs, calls[1], choice.modality.valid(calls[1]))
    captive = Captive(model, [one.name for one in plan], flight.outputs, rewrites)
    constants = DigestConstants()
    converted = convert(export(captive, plan, "cpu"), plan, constants)
    # The pre-flight may have flown with rewrites that this network does not bear.
    if not converted.operators <= flight.operators:
        check(converted, engines)
    with writing(folder):
        converted.graph.write(folder)
        constants.write(folder)
    return converted, rewrites.names
