"""A Paddle inference model: it is its own program for every engine, and Paddle's results are the reference."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge.errors import InputError
from edge.manifest import TensorSpec
from packager.capture.real import read_real
from packager.emit.model_reader import read_model
from packager.emit.program_file import write_safetensors
from packager.emit.to_paddle import PaddleModel
from packager.errors import UnsupportedModelError
from packager.hub.source import Source
from packager.networks.network import Network
from packager.order import Order
from packager.parity.paddle import run_paddle
from packager.parity.reference import REFERENCE_FILE, SAMPLES_FILE, read_reference
from packager.progress import step
from packager.tasks.modality import Feeds
from packager.tasks.plan import Axis, InputPlan
from packager.tasks.strokes import strokes

BATCHES = (1, 3)
# Image networks without a fixed size take multiples of 32; each unknown axis gets both sizes in turn.
OPEN_SIZES = (64, 96)
IMAGE_AXES = 4
ANY = 2**31 - 1


def from_paddle(source: Source, order: Order, scratch: Path) -> Network:
    """Inspect the model, make samples that fit it, and let Paddle compute the reference.

    Raises InputError for a task other than `tensors`: a Paddle inference model does not say what its tensors mean.
    """
    if order.task not in ("auto", "tensors"):
        raise InputError(
            f"a Paddle inference model cannot be built as {order.task}", remedy="build it with --task tensors"
        )
    model = PaddleModel(*(_only(source, suffix) for suffix in (".pdmodel", ".pdiparams")))
    with step("reference", "outputs of the model in Paddle"):
        program = read_model(model.model)
        samples_file, reference_file = scratch / SAMPLES_FILE, scratch / REFERENCE_FILE
        write_safetensors(samples_file, _samples(program.inputs, order))
        produced = run_paddle({"source": model}, samples_file, scratch)["source"]
        expected = {f"{key}/out32:{name}": array for key, arrays in produced.items() for name, array in arrays.items()}
        write_safetensors(reference_file, expected)
    return Network(
        task="tensors",
        inputs=program.inputs,
        outputs=program.outputs,
        models=dict.fromkeys(order.engines, model),
        samples_file=samples_file,
        samples=read_reference(samples_file, reference_file),
        hops=(),
        preprocess=(),
        postprocess=(),
        files={},
        tools={"paddlepaddle": version("paddlepaddle")},
    )


def _only(source: Source, suffix: str) -> Path:
    (name,) = (entry.path for entry in source.files if entry.path.endswith(suffix))
    return source.folder / name


def _samples(inputs: tuple[TensorSpec, ...], order: Order) -> dict[str, NDArray[np.generic]]:
    calls = _seeded(inputs, order.seed) + (list(read_real(order.samples, _plan(inputs))) if order.samples else [])
    return {f"{at:03d}/in:{name}": array for at, call in enumerate(calls) for name, array in call.items()}


def _plan(inputs: tuple[TensorSpec, ...]) -> tuple[InputPlan, ...]:
    """A file says nothing about the range of an open size, so any is allowed."""
    return tuple(
        InputPlan(
            name=spec.name,
            dtype=spec.dtype,
            axes=tuple(one if isinstance(one, int) else Axis(name=one, minimum=1, maximum=ANY) for one in spec.shape),
        )
        for spec in inputs
    )


def _seeded(inputs: tuple[TensorSpec, ...], seed: int) -> list[Feeds]:
    random = np.random.default_rng(seed)
    calls: list[Feeds] = []
    for batch, size in [(b, s) for b in BATCHES for s in OPEN_SIZES]:
        call: Feeds = {}
        for spec in inputs:
            if spec.dtype != "float32":
                raise UnsupportedModelError(f"the input {spec.name!r} is {spec.dtype}, only float32 can be sampled")
            shape = [batch, *(size if isinstance(one, str) else one for one in spec.shape[1:])]
            array = strokes(random, *shape) if len(shape) == IMAGE_AXES else random.normal(size=shape)
            call[spec.name] = array.astype(np.float32)
        calls.append(call)
    return calls
