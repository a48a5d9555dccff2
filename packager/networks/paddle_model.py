"""A Paddle inference model: it is its own program for every engine, and Paddle's results are the reference."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from packager.emit.model_reader import read_model
from packager.emit.to_paddle import PaddleModel
from packager.hub.source import Source
from packager.networks.network import Network, take_as_tensors
from packager.networks.paddle_reference import paddle_reference
from packager.order import Order
from packager.progress import step


def from_paddle(source: Source, order: Order, scratch: Path) -> Network:
    """Inspect the model, make samples that fit it, and let Paddle compute the reference.

    Raises InputError for a task other than `tensors`: a Paddle inference model does not say what its tensors mean.
    """
    take_as_tensors("a Paddle inference model", order)
    model = PaddleModel(*(_only(source, suffix) for suffix in (".pdmodel", ".pdiparams")))
    with step("reference", "outputs of the model in Paddle"):
        program = read_model(model.model)
        samples_file, samples = paddle_reference(model, program.inputs, order, scratch)
    return Network(
        task="tensors",
        inputs=program.inputs,
        outputs=program.outputs,
        models=dict.fromkeys(order.engines, model),
        samples_file=samples_file,
        samples=samples,
        tools={"paddlepaddle": version("paddlepaddle")},
    )


def _only(source: Source, suffix: str) -> Path:
    (name,) = (entry.path for entry in source.files if entry.path.endswith(suffix))
    return source.folder / name
