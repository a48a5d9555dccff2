"""A Paddle 3 inference model: paddle2onnx 2 turns it into ONNX, and Paddle's own results are the reference.

paddle2onnx 2 can be wrong without a word (tanh-gelu becomes erf-gelu; Paddle2ONNX #1644 tells of a LayerNorm without
scale and bias), so nothing that it makes is believed before its numbers agree.
"""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path

from packager.emit.paddle3_python import PADDLE3
from packager.emit.paddle3_reader import read_signature
from packager.emit.to_paddle import PaddleModel
from packager.errors import ToolError, WorkerError
from packager.hub.paddle import PARAMETERS, PROGRAM_3
from packager.hub.source import Source
from packager.networks.network import Network, take_as_tensors
from packager.networks.paddle_reference import paddle_reference
from packager.order import Order
from packager.progress import step
from packager.worker import run_worker

CONVERTED_FILE = "converted.onnx"


def from_paddle3(source: Source, order: Order, scratch: Path) -> Network:
    """Convert the program, make samples that fit it, and let Paddle compute the reference.

    Raises InputError for a task other than `tensors`: the model does not say what its tensors mean; ToolError where
    paddle2onnx 2 is missing or refuses the program.
    """
    take_as_tensors("a Paddle 3 model", order)
    tool = PADDLE3.version
    params = next(one.path for one in source.files if one.path.endswith(PARAMETERS))
    model = PaddleModel(source.folder / (params.removesuffix(PARAMETERS) + PROGRAM_3), source.folder / params)
    signature = read_signature(model.model)
    with step("reference", "outputs of the model in Paddle"):
        samples_file, samples = paddle_reference(model, signature.inputs, order, scratch)
    with step("convert", "paddle2onnx 2"):
        converted = _convert(model, scratch)
    return Network(
        task="tensors",
        inputs=signature.inputs,
        outputs=signature.outputs,
        models={},
        onnx=converted,
        samples_file=samples_file,
        samples=samples,
        tools={"paddle2onnx": tool, "paddlepaddle": version("paddlepaddle")},
    )


def _convert(model: PaddleModel, scratch: Path) -> Path:
    # The folder stays until the build ends: weights over 2 GB lie in it, beside the file.
    folder = Path(tempfile.mkdtemp(prefix="paddle3-", dir=scratch))
    out = folder / CONVERTED_FILE
    request = {"model": str(model.model.absolute()), "params": str(model.params.absolute()), "out": str(out)}
    try:
        run_worker("packager.emit.paddle3_worker", request, python=str(PADDLE3.path), cwd=folder)
    except WorkerError as error:
        raise ToolError(f"paddle2onnx 2 failed on {model.model.name}: {error.message}") from error
    return out
