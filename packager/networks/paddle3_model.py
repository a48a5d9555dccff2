"""A Paddle 3 inference model: paddle2onnx 2 turns it into ONNX, and Paddle's own results are the reference.

paddle2onnx 2 can be wrong without a word (tanh-gelu becomes erf-gelu; Paddle2ONNX #1644 tells of a LayerNorm without
scale and bias), so nothing that it makes is believed before its numbers agree.
"""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path

from edge.errors import InputError
from packager.capture.real import read_real
from packager.emit.paddle3_python import PADDLE3
from packager.emit.paddle3_reader import read_signature
from packager.emit.program_file import write_safetensors
from packager.emit.to_paddle import PaddleModel
from packager.errors import ToolError, WorkerError
from packager.hub.paddle import PARAMETERS, PROGRAM_3
from packager.hub.source import Source
from packager.networks.network import Network
from packager.networks.samples import numbered, open_plan, seeded
from packager.order import Order
from packager.parity.paddle import run_paddle
from packager.parity.reference import REFERENCE_FILE, SAMPLES_FILE, read_reference
from packager.progress import step
from packager.worker import run_worker

CONVERTED_FILE = "converted.onnx"


def from_paddle3(source: Source, order: Order, scratch: Path) -> Network:
    """Convert the program, make samples that fit it, and let Paddle compute the reference.

    Raises InputError for a task other than `tensors`: the model does not say what its tensors mean; ToolError where
    paddle2onnx 2 is missing or refuses the program.
    """
    if order.task not in ("auto", "tensors"):
        raise InputError(f"a Paddle 3 model cannot be built as {order.task}", remedy="build it with --task tensors")
    tool = PADDLE3.version
    params = next(one.path for one in source.files if one.path.endswith(PARAMETERS))
    model = PaddleModel(source.folder / (params.removesuffix(PARAMETERS) + PROGRAM_3), source.folder / params)
    signature = read_signature(model.model)
    with step("reference", "outputs of the model in Paddle"):
        samples_file, reference_file = scratch / SAMPLES_FILE, scratch / REFERENCE_FILE
        real = list(read_real(order.samples, open_plan(signature.inputs))) if order.samples else []
        write_safetensors(samples_file, numbered(seeded(signature.inputs, order.seed) + real))
        produced = run_paddle({"source": model}, samples_file, scratch)["source"]
        expected = {f"{key}/out32:{name}": array for key, arrays in produced.items() for name, array in arrays.items()}
        write_safetensors(reference_file, expected)
    with step("convert", "paddle2onnx 2"):
        converted = _convert(model, scratch)
    return Network(
        task="tensors",
        inputs=signature.inputs,
        outputs=signature.outputs,
        models={},
        onnx=converted,
        samples_file=samples_file,
        samples=read_reference(samples_file, reference_file),
        hops=(),
        preprocess=(),
        postprocess=(),
        files={},
        tools={"paddle2onnx": tool, "paddlepaddle": version("paddlepaddle")},
    )


def _convert(model: PaddleModel, scratch: Path) -> Path:
    # The folder stays until the build ends: weights over 2 GB lie in it, beside the file.
    folder = Path(tempfile.mkdtemp(prefix="paddle3-", dir=scratch))
    out = folder / CONVERTED_FILE
    request = {"model": str(model.model.resolve()), "params": str(model.params.resolve()), "out": str(out)}
    try:
        run_worker("packager.emit.paddle3_worker", request, python=str(PADDLE3.path), cwd=folder)
    except WorkerError as error:
        raise ToolError(f"paddle2onnx 2 failed on {model.model.name}: {error.message}") from error
    return out
