"""The stage that makes ONNX files ready to ship: paddle2onnx where they are made of Paddle programs, then our clean-up.

paddle2onnx may abort the process, and writes weights over 2 GB into the current folder: the stage runs in a scratch
folder, in a child.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from edge.manifest import TensorSpec
from packager.emit.converter import converter
from packager.emit.model_reader import read_model
from packager.emit.onnx_limits import DATA_SUFFIX, LARGEST_MESSAGE
from packager.errors import ToolError
from packager.lower.legalise.onnx_guard import onnx_guard

if TYPE_CHECKING:
    from onnx import ModelProto

OPSET = 17
# Smaller tensors stay in the file: sizes of shapes are read by ONNX Runtime before weights are.
SMALLEST_EXTERNAL = 1024


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Write the ONNX file `out`; tells its opset and IR version.

    The request has either `model` and `params` of a Paddle program with the specs `inputs` and `outputs`, or `onnx`, a
    file that is a network already. `largest` is how many bytes of weights the file may hold itself.
    """
    out, largest = Path(request["out"]), int(request["largest"])
    if request["onnx"]:
        return _told(ship_onnx(Path(request["onnx"]), out, largest=largest))
    inputs, outputs = (tuple(TensorSpec.from_json(spec) for spec in request[key]) for key in ("inputs", "outputs"))
    model, params = Path(request["model"]), Path(request["params"])
    return _told(make_onnx(model, params, out, inputs=inputs, outputs=outputs, largest=largest))


def _told(model: ModelProto) -> dict[str, Any]:
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    attention = any(node.op_type == "Attention" and node.domain == "com.microsoft" for node in model.graph.node)
    return {"opset": opset, "ir": model.ir_version, "attention": attention}


def make_onnx(
    model: Path,
    params: Path,
    out: Path,
    *,
    inputs: tuple[TensorSpec, ...],
    outputs: tuple[TensorSpec, ...],
    largest: int = LARGEST_MESSAGE,
) -> ModelProto:
    """Convert, clean up, write and check; returns the model.

    Weights over `largest` bytes go into `OUT.data` beside the file. Raises UnsupportedModelError for what paddle2onnx
    would get wrong, ToolError where it fails.
    """
    import onnx

    from packager.emit.clean_up import clean_up

    onnx_guard(read_model(model))
    converted = onnx.load_from_string(_convert(model, params))
    onnx.load_external_data_for_model(converted, str(Path.cwd()))
    clean_up(converted, inputs, outputs)
    _write(converted, out, model.name, largest)
    return converted


def ship_onnx(model: Path, out: Path, *, largest: int = LARGEST_MESSAGE) -> ModelProto:
    """The same for a model that is ONNX already, and was checked."""
    import onnx

    from packager.emit.foreign_onnx import tidy
    from packager.emit.operator_set import raised

    loaded = raised(onnx.load(model))
    tidy(loaded)
    _write(loaded, out, model.name, largest)
    return loaded


def _write(model: ModelProto, out: Path, label: str, largest: int) -> None:
    import onnx

    try:
        if _weights(model) > largest:
            onnx.save_model(
                model,
                out,
                save_as_external_data=True,
                location=out.name + DATA_SUFFIX,
                size_threshold=SMALLEST_EXTERNAL,
            )
        else:
            onnx.save_model(model, out)
        # The file, not the message: that would be written a second time for it.
        onnx.checker.check_model(str(out))
    # A model that is too large in spite of all is a ValueError.
    except (onnx.checker.ValidationError, ValueError) as error:
        raise ToolError(f"the ONNX model of {label} is not valid: {error}") from error


def _weights(model: ModelProto) -> int:
    """Bytes of the initializers; the size of the whole message could not be asked for over 2 GiB."""
    return sum(len(tensor.raw_data) or tensor.ByteSize() for tensor in model.graph.initializer)


def _convert(model: Path, params: Path) -> bytes:
    """The ONNX model as paddle2onnx makes it; a higher opset is chosen where an operator needs one."""
    upgrade, verbose, check, experimental, optimise, half = True, False, False, True, True, False
    options: tuple[Any, ...] = (
        upgrade,
        verbose,
        check,
        experimental,
        optimise,
        {},
        "onnxruntime",
        "",
        "weights.data",
        half,
    )
    try:
        converted = converter().export(str(model), str(params), OPSET, *options)
    except RuntimeError as error:
        raise ToolError(f"paddle2onnx refuses {model.name}: {error}") from error
    if not converted:
        raise ToolError(f"paddle2onnx made nothing of {model.name}")
    return bytes(converted)
