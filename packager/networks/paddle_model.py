"""A Paddle inference model: it is its own program for every engine, and Paddle's results are the reference."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from edge.errors import InputError
from packager.capture.real import read_real
from packager.emit.model_reader import read_model
from packager.emit.program_file import write_safetensors
from packager.emit.to_paddle import PaddleModel
from packager.hub.source import Source
from packager.networks.network import Network
from packager.networks.samples import numbered, open_plan, seeded
from packager.order import Order
from packager.parity.paddle import run_paddle
from packager.parity.reference import REFERENCE_FILE, SAMPLES_FILE, read_reference
from packager.progress import step


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
        real = list(read_real(order.samples, open_plan(program.inputs))) if order.samples else []
        write_safetensors(samples_file, numbered(seeded(program.inputs, order.seed) + real))
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
