"""The stage that makes ONNX: paddle2onnx, which may abort the process, then our clean-up.

paddle2onnx writes weights over 2 GB into the current folder, so the stage runs in the output folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from edge.manifest import TensorSpec
from packager.emit.converter import converter
from packager.errors import ToolError

OPSET = 17


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"model", "params", "inputs", "outputs", "out"}`: write the ONNX file `out`; tell its opset and IR."""
    inputs, outputs = (tuple(TensorSpec.from_json(spec) for spec in request[key]) for key in ("inputs", "outputs"))
    opset, ir = make_onnx(
        Path(request["model"]), Path(request["params"]), Path(request["out"]), inputs=inputs, outputs=outputs
    )
    return {"opset": opset, "ir": ir}


def make_onnx(
    model: Path, params: Path, out: Path, *, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]
) -> tuple[int, int]:
    """Convert, clean up, check and write; returns the opset and the IR version."""
    import onnx

    converted = onnx.load_from_string(convert(str(model), str(params), OPSET))
    out.write_bytes(converted.SerializeToString())
    return converted.opset_import[0].version, converted.ir_version


def convert(model: str, params: str, opset: int) -> bytes:
    """The ONNX model as paddle2onnx makes it; a higher opset is chosen where an operator needs one."""
    upgrade, verbose, check, experimental, optimise, half = True, False, False, True, True, False
    try:
        converted = converter().export(
            model, params, opset, upgrade, verbose, check, experimental, optimise, {}, "onnxruntime", "", "model.onnx.data", half
        )
    except RuntimeError as error:
        raise ToolError(f"paddle2onnx refuses {Path(model).name}: {error}") from error
    if not converted:
        raise ToolError(f"paddle2onnx made nothing of {Path(model).name}")
    return bytes(converted)
