"""The stage that makes ONNX: paddle2onnx, which may abort the process, then our clean-up.

paddle2onnx writes weights over 2 GB into the current folder, so the stage runs in a scratch folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from edge.manifest import TensorSpec
from packager.emit.converter import converter
from packager.emit.model_reader import read_model
from packager.errors import ToolError
from packager.lower.legalise.onnx_guard import onnx_guard

OPSET = 17
# A protobuf message ends at 2 GiB; the graph needs some of it.
LARGEST_MESSAGE = 2_000_000_000


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"model", "params", "inputs", "outputs", "out"}`: write the ONNX file `out`; tells its opset and IR version."""
    inputs, outputs = (tuple(TensorSpec.from_json(spec) for spec in request[key]) for key in ("inputs", "outputs"))
    opset, ir = make_onnx(
        Path(request["model"]), Path(request["params"]), Path(request["out"]), inputs=inputs, outputs=outputs
    )
    return {"opset": opset, "ir": ir}


def make_onnx(
    model: Path, params: Path, out: Path, *, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]
) -> tuple[int, int]:
    """Convert, clean up, write and check; returns the opset and the IR version.

    Weights over 2 GB go into `OUT.data` beside the file. Raises UnsupportedModelError for what paddle2onnx would get
    wrong, ToolError where it fails.
    """
    import onnx

    from packager.emit.clean_up import clean_up

    onnx_guard(read_model(model))
    converted = onnx.load_from_string(_convert(model, params))
    onnx.load_external_data_for_model(converted, str(Path.cwd()))
    clean_up(converted, inputs, outputs)
    large = converted.ByteSize() > LARGEST_MESSAGE
    try:
        if large:
            onnx.save_model(
                converted, out, save_as_external_data=True, location=f"{out.name}.data", size_threshold=1024
            )
            onnx.checker.check_model(str(out))
        else:
            onnx.checker.check_model(converted)
            onnx.save_model(converted, out)
    except onnx.checker.ValidationError as error:
        raise ToolError(f"the ONNX model of {model.name} is not valid: {error}") from error
    return converted.opset_import[0].version, converted.ir_version


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
