"""A Hugging Face model: captured by torch.export, lowered to a Paddle program for each engine, checked in Paddle."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from edge.machine import usable_memory
from edge.manifest import Hop, Step
from packager.capture import Captured, capture
from packager.emit.constants import MappedConstants
from packager.emit.to_paddle import to_paddle
from packager.errors import UnsupportedModelError
from packager.hub.source import Source
from packager.lower import lower
from packager.lower.legalise import legalise
from packager.networks.network import Network
from packager.order import Order
from packager.parity.compare import check_hop
from packager.parity.paddle import run_paddle
from packager.parity.reference import Arrays, Sample, read_reference
from packager.progress import note, step
from packager.tasks.generation import greedy_steps
from packager.tasks.postprocessing import (
    LABELS,
    classification_steps,
    detection_steps,
    embedding_steps,
    labels_bytes,
    token_steps,
)
from packager.tasks.prefix_inputs import PREFIX
from packager.tasks.preprocessing import image_steps, text_steps
from packager.tasks.registry import find_task
from packager.tasks.texts import TOKENIZER

Files = dict[str, bytes | Path]


@dataclass(frozen=True)
class Description:
    """How inputs become tensors and tensors become results, and the files that this needs."""

    preprocess: tuple[Step, ...]
    postprocess: tuple[Step, ...]
    files: Files


def from_huggingface(source: Source, order: Order, scratch: Path) -> tuple[Network, ...]:
    """Capture, lower and check, stage by stage; raises UnsupportedModelError, SourceError or ParityError."""
    first = _capture(source, order, scratch)
    networks = [_proven(first, source, order)]
    for part in first.parts[1:]:
        below = scratch / part
        below.mkdir()
        networks.append(_proven(_capture(source, order, below, part), source, order))
    return tuple(networks)


def _capture(source: Source, order: Order, scratch: Path, part: str = "") -> Captured:
    with step("capture", "torch.export, folding and reference outputs"):
        return capture(
            source,
            task=order.task,
            folder=scratch,
            engines=order.engines,
            shape=order.shape,
            real=order.samples,
            seed=order.seed,
            # What the machine does not have would come from swap, or end in a kill.
            memory_limit=usable_memory(),
            part=part,
        )


def _proven(captured: Captured, source: Source, order: Order) -> Network:
    scratch = captured.folder
    if captured.refused:
        sizes = ", ".join(f"{axis} is fixed at {size}" for axis, size in captured.fixed.items())
        note("shape", f"{sizes}: {captured.refused}; --shape chooses another size")
    if "whole_loops" in captured.rewrites:
        note(
            "loops", "they take every step; what follows the end of an answer that was complete earlier has no meaning"
        )
    described = _describe(captured, source.folder)
    samples = read_reference(captured.samples, captured.reference)
    with step("lower", "one Paddle program for each engine"):
        neutral = lower(captured.graph, MappedConstants(captured.constants))
        programs = {engine: legalise(neutral, engine) for engine in order.engines}
        models = to_paddle(programs, scratch)
    with step("parity", "both programs in Paddle" if len(models) > 1 else "the program in Paddle"):
        hops = _check(captured, models, samples, run_paddle(models, captured.samples, scratch))
    return Network(
        task=captured.task,
        stage=captured.part or "model",
        inputs=captured.graph.inputs,
        outputs=captured.graph.outputs,
        models=models,
        samples_file=captured.samples,
        samples=samples,
        hops=hops,
        preprocess=described.preprocess,
        postprocess=described.postprocess,
        files=described.files,
        fixed=captured.fixed,
        tools={**captured.tools, "paddlepaddle": version("paddlepaddle")},
    )


def _check(
    captured: Captured,
    models: Collection[str],
    samples: tuple[Sample, ...],
    produced: Mapping[str, Mapping[str, Arrays]],
) -> tuple[Hop, ...]:
    classifier = captured.task.endswith("-classification")
    return tuple(
        hop
        for engine in models
        for hop in check_hop(f"paddle for {engine}", samples, produced[engine], classifier=classifier)
    )


def _describe(captured: Captured, folder: Path) -> Description:
    if captured.task == "tensors":
        return Description((), (), {})
    if captured.modality == PREFIX.name:
        return Description(
            (), greedy_steps(folder, captured.facts.sequence_limit), {TOKENIZER: _tokenizer(captured, folder)}
        )
    names = [spec.name for spec in captured.graph.outputs]
    before, files = _preprocess(captured, folder)
    if captured.task == "feature-extraction":
        return Description(before, embedding_steps(folder, names), files)
    if not find_task(captured.task).labels:
        return Description(before, (), files)
    files = files | {LABELS: labels_bytes(folder)}
    if captured.task == "object-detection":
        return Description(before, detection_steps(folder, captured.graph.outputs), files)
    if captured.task == "token-classification":
        return Description(before, token_steps(), files)
    return Description(before, classification_steps(folder), files)


def _preprocess(captured: Captured, folder: Path) -> tuple[tuple[Step, ...], Files]:
    if captured.modality == "image":
        return image_steps(folder), {}
    tokenizer = _tokenizer(captured, folder)
    return text_steps(folder, tokenizer), {TOKENIZER: tokenizer}


def _tokenizer(captured: Captured, folder: Path) -> Path:
    path = captured.tokenizer or folder / TOKENIZER
    if not path.exists():
        raise UnsupportedModelError(
            f"{folder.name} has no {TOKENIZER}", remedy="save it with AutoTokenizer(...).save_pretrained"
        )
    return path
