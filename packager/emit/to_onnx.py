"""Paddle model to ONNX, through paddle2onnx and our clean-up."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.manifest import TensorSpec
from packager.emit.to_paddle import PaddleModel
from packager.errors import ToolError, WorkerError
from packager.worker import run_worker


@dataclass(frozen=True)
class OnnxModel:
    """An ONNX file with its opset and IR version; `data` is the file of weights over 2 GB, else None."""

    file: Path
    data: Path | None
    opset: int
    ir: int

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of the model, the one to open first."""
        return (self.file,) if self.data is None else (self.file, self.data)


def to_onnx(
    model: PaddleModel, folder: Path, *, name: str, inputs: Sequence[TensorSpec], outputs: Sequence[TensorSpec]
) -> OnnxModel:
    """Write `NAME.onnx` into `folder`, with these inputs and outputs and the symbols in their shapes.

    Raises ToolError where paddle2onnx refuses the model or dies, quoting what it said.
    """
    out = folder / f"{name}.onnx"
    request = {
        "model": str(model.model.resolve()),
        "params": str(model.params.resolve()),
        "inputs": [spec.to_json() for spec in inputs],
        "outputs": [spec.to_json() for spec in outputs],
        "out": str(out.resolve()),
    }
    with tempfile.TemporaryDirectory(prefix="onnx-", dir=folder) as scratch:
        try:
            told = run_worker("packager.emit.onnx_worker", request, cwd=Path(scratch))
        except WorkerError as error:
            raise ToolError(
                f"paddle2onnx failed on {model.model.name}: {error.message}",
                remedy="build without it: --engine paddlelite",
            ) from error
    data = out.with_name(f"{out.name}.data")
    return OnnxModel(out, data if data.exists() else None, told["opset"], told["ir"])
