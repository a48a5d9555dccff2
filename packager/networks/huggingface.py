"""A Hugging Face model: captured by torch.export, lowered to a Paddle program for each engine, checked in Paddle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.manifest import Step
from packager.capture import Captured, capture
from packager.emit.constants import MappedConstants
from packager.emit.to_paddle import to_paddle
from packager.hub.source import Source
from packager.lower import lower
from packager.lower.legalise import legalise
from packager.networks.network import Network
from packager.order import Order
from packager.parity.compare import check_hop
from packager.parity.paddle import run_paddle
from packager.parity.reference import read_reference
from packager.progress import step
from packager.tasks.postprocessing import LABELS, classification_steps, embedding_steps, labels_bytes
from packager.tasks.preprocessing import image_steps, text_steps
from packager.tasks.texts import TOKENIZER

Files = dict[str, bytes | Path]


@dataclass(frozen=True)
class Description:
    """How inputs become tensors and tensors become results, and the files that this needs."""

    preprocess: tuple[Step, ...]
    postprocess: tuple[Step, ...]
    files: Files


def from_huggingface(source: Source, order: Order, scratch: Path) -> Network:
    """Capture, lower and check; raises UnsupportedModelError, SourceError or ParityError."""
    with step("capture", "torch.export, folding and reference outputs"):
        captured = capture(source, task=order.task, folder=scratch, seed=order.seed, engines=order.engines)
    described = _describe(captured, source.folder)
    samples = read_reference(captured.samples, captured.reference)
    with step("lower", "one Paddle program for each engine"):
        neutral = lower(captured.graph, MappedConstants(captured.constants))
        models = {
            engine: to_paddle(
                legalise(neutral, engine), scratch, name=f"for-{engine}", constants_file=captured.constants
            )
            for engine in order.engines
        }
    classifier = captured.task.endswith("-classification")
    hops = []
    for engine, model in models.items():
        with step("parity", f"the program for {engine}, in Paddle"):
            produced = run_paddle(model, captured.samples, scratch / f"paddle-{engine}.safetensors")
            hops += check_hop(f"paddle for {engine}", samples, produced, classifier=classifier)
    return Network(
        task=captured.task,
        inputs=captured.graph.inputs,
        outputs=captured.graph.outputs,
        models=models,
        samples_file=captured.samples,
        samples=samples,
        hops=tuple(hops),
        preprocess=described.preprocess,
        postprocess=described.postprocess,
        files=described.files,
        tools=captured.tools,
    )


def _describe(captured: Captured, folder: Path) -> Description:
    if captured.task == "tensors":
        return Description((), (), {})
    names = [spec.name for spec in captured.graph.outputs]
    before, files = _preprocess([spec.name for spec in captured.graph.inputs], captured, folder)
    if captured.task == "feature-extraction":
        return Description(before, embedding_steps(folder, names), files)
    return Description(before, classification_steps(folder), files | {LABELS: labels_bytes(folder)})


def _preprocess(
    inputs: Sequence[str], captured: Captured, folder: Path
) -> tuple[tuple[Step, ...], dict[str, bytes | Path]]:
    if "pixel_values" in inputs:
        return image_steps(folder), {}
    tokenizer = captured.tokenizer or folder / TOKENIZER
    return text_steps(folder, tokenizer), {TOKENIZER: tokenizer}
