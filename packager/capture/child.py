"""The capture stage's child process: the only one that loads torch and transformers."""

from __future__ import annotations

import logging
import os
import resource
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from packager.capture.parts import take_part
from packager.capture.translate import within_memory, writing
from packager.errors import ExportRefusedError
from packager.tasks.modality import Feeds
from packager.tasks.plan import InputPlan, fixed_sizes, with_sizes
from packager.tasks.registry import MODALITIES
from packager.tasks.tensors import TENSORS
from packager.tasks.text_inputs import TEXT, refuse_unpadded

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

    from packager.capture.choose import Choice
    from packager.capture.convert import Converted
    from packager.capture.preflight import Flight

# A fixed number, whatever the number of cores: sums are split, and so added, in one order.
THREADS = 2
FIXED = {"MKL_DYNAMIC": "FALSE", "OMP_DYNAMIC": "FALSE"}


def run(request: Mapping[str, Any]) -> dict[str, Any]:
    """Capture as `packager.capture.captured.capture` asks; the reply is plain JSON."""
    if request["memory_limit"]:
        resource.setrlimit(resource.RLIMIT_DATA, (request["memory_limit"], request["memory_limit"]))
    with within_memory():
        _quiet()
        return _capture(request)


def _quiet() -> None:
    os.environ |= FIXED  # read when torch is loaded
    import torch
    import transformers

    torch.set_num_threads(THREADS)
    # Nobody reads where in Python a node comes from; its layer is kept in any case.
    torch.fx.config.do_not_emit_stack_traces = True
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    logging.getLogger("torch").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")


def _capture(request: Mapping[str, Any]) -> dict[str, Any]:
    import torch
    import transformers

    from packager.capture.architecture import on_meta
    from packager.capture.choose import choose
    from packager.capture.config import load_config
    from packager.capture.context import refuse_without_context
    from packager.capture.facts import labels_of, model_facts
    from packager.capture.memory import refuse_too_large
    from packager.capture.real import read_real
    from packager.capture.reference import write_reference
    from packager.capture.tokenizer import read_tokenizer

    source, folder, engines = Path(request["source"]), Path(request["folder"]), tuple(request["engines"])
    choice = choose(load_config(source), source, request["task"])
    parts = tuple(choice.task.parts)
    part = request["part"] or next(iter(parts), "")
    if part:
        choice = replace(choice, modality=MODALITIES[choice.task.parts[part]])
    config = choice.config
    tokenizer = read_tokenizer(source, folder) if choice.modality.main_input == TEXT.main_input else None
    architecture = on_meta(choice.model_class, config)
    refuse_too_large(architecture, request["memory_limit"])
    facts = model_facts(architecture, choice, config, source, tokenizer)
    take_part(architecture, part)
    plan = with_sizes(choice.modality.inputs(facts), request["shape"])
    model, flight = _load(architecture, choice, config, source, plan, engines, part)
    if tokenizer and choice.modality is TEXT and choice.task is not TENSORS:
        refuse_unpadded(flight.plan)
    calls = choice.modality.samples(facts, flight.plan, np.random.default_rng(request["seed"]))
    if choice.modality is TEXT and choice.task is not TENSORS:
        refuse_without_context(model, flight.outputs, calls[1])
    if request["real"]:
        calls += read_real(Path(request["real"]), flight.plan)
    converted, rewrites = _convert(choice, model, flight, calls, folder, engines)
    loops = flight.captive.rewrites.whole_loops
    write_reference(model, calls, converted.graph, flight.outputs, choice.modality, folder, whole_loops=loops)
    return {
        "task": choice.task.name,
        "modality": choice.modality.name,
        "architecture": choice.model_class.__name__,
        "inputs": [one.to_json() for one in flight.plan],
        "fixed": fixed_sizes(choice.modality.inputs(facts), flight.plan),
        "refused": flight.refused,
        "tokenizer": str(tokenizer.file) if tokenizer and tokenizer.file else "",
        "labels": labels_of(config) if choice.task.labels else (),
        "facts": facts.to_json(),
        "tools": {"torch": torch.__version__, "transformers": transformers.__version__},
        "rewrites": rewrites,
        "layers": converted.layers,
        "part": part,
        "parts": parts,
    }


def _load(
    architecture: PreTrainedModel,
    choice: Choice,
    config: PretrainedConfig,
    source: Path,
    plan: Sequence[InputPlan],
    engines: Sequence[str],
    part: str,
) -> tuple[PreTrainedModel, Flight]:
    """The weights, once the architecture has passed; a pooler that was never trained gives way to the next output."""
    from packager.capture.load import load_model, refuse_untrained
    from packager.capture.preflight import preflight
    from packager.capture.refusal import mixes_devices

    flying, device = architecture, "meta"
    alternatives = choice.task.outputs[choice.modality.name]
    try:
        flight = preflight(flying, device, plan, engines, alternatives)
        model, missing = load_model(source, choice.model_class, config)
    except ExportRefusedError as error:
        if not mixes_devices(error):
            raise
        model, missing = load_model(source, choice.model_class, config)
        flying, device = take_part(model, part), "cpu"
        flight = preflight(flying, device, plan, engines, alternatives)
    others = alternatives[alternatives.index(flight.outputs) + 1 :]
    if missing & flight.parameters and others:
        flight = preflight(flying, device, flight.plan, engines, others)
    refuse_untrained(missing, flight.parameters, choice.model_class.__name__)
    return take_part(model, part), flight


def _convert(
    choice: Choice,
    model: PreTrainedModel,
    flight: Flight,
    calls: Sequence[Feeds],
    folder: Path,
    engines: Sequence[str],
) -> tuple[Converted, tuple[str, ...]]:
    """Write `graph.json` and `constants.safetensors`; the constants' memory is free afterwards."""
    from packager.capture.constants import DigestConstants
    from packager.capture.convert import convert
    from packager.capture.export import export
    from packager.capture.preflight import check
    from packager.capture.rebind import rebound
    from packager.capture.rewrites import choose_rewrites
    from packager.capture.wrapper import Captive

    # The second call has a batch and, for texts, padding.
    plan = flight.plan
    rewrites = choose_rewrites(
        model,
        plan,
        flight.outputs,
        calls[1],
        choice.modality.valid(calls[1]),
        whole_loops=flight.captive.rewrites.whole_loops,
    )
    captive = Captive(model, [one.name for one in plan], flight.outputs, rewrites)
    constants = DigestConstants()
    program, held = flight.program, None
    if rewrites == flight.captive.rewrites:
        held = rebound(program, flight.captive, captive)
    if held is None:
        program = export(captive, plan, "cpu")
    converted = convert(program, plan, constants, held)
    # The pre-flight may have flown with rewrites that this network does not bear.
    if not converted.operators <= flight.operators:
        check(converted, engines)
    with writing(folder):
        converted.graph.write(folder)
        constants.write(folder)
    return converted, rewrites.names
