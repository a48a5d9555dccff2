"""To the ONNX file that ships: from a Paddle model through paddle2onnx, or from an ONNX file, and our clean-up."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.manifest import TensorSpec
from packager.emit.onnx_limits import DATA_SUFFIX, LARGEST_MESSAGE
from packager.emit.to_paddle import PaddleModel
from packager.errors import ToolError, WorkerError
from packager.worker import run_worker


@dataclass(frozen=True)
class OnnxModel:
    """An ONNX file with its opset and IR version.

    `data` is the file of weights over 2 GB, else None; `attention` tells whether it has ONNX Runtime's own attention.
    """

    file: Path
    data: Path | None
    opset: int
    ir: int
    attention: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of the model, the one to open first."""
        return (self.file,) if self.data is None else (self.file, self.data)


def to_onnx(
    model: PaddleModel | Path,
    folder: Path,
    *,
    name: str,
    inputs: Sequence[TensorSpec],
    outputs: Sequence[TensorSpec],
    largest: int = LARGEST_MESSAGE,
) -> OnnxModel:
    """Write `NAME.onnx` into `folder`: of a Paddle model with these inputs and outputs, or of an ONNX file as it is.

    Weights of more than `largest` bytes go into `NAME.onnx.data`. Raises ToolError where paddle2onnx refuses the model
    or dies, quoting what it said.
    """
    out = folder / f"{name}.onnx"
    files = (
        {"model": str(model.model.absolute()), "params": str(model.params.absolute()), "onnx": ""}
        if isinstance(model, PaddleModel)
        else {"onnx": str(model)}
    )
    request = {
        **files,
        "inputs": [spec.to_json() for spec in inputs],
        "outputs": [spec.to_json() for spec in outputs],
        "out": str(out.resolve()),
        "largest": largest,
    }
    with tempfile.TemporaryDirectory(prefix="onnx-", dir=folder) as scratch:
        try:
            # A file from a stranger is parsed where nothing can be taken from.
            stranger = not isinstance(model, PaddleModel)
            told = run_worker("packager.emit.onnx_worker", request, cwd=Path(scratch), isolated=stranger)
        except WorkerError as error:
            if not isinstance(model, PaddleModel):
                raise ToolError(f"{model.name} cannot be rewritten: {error.message}") from error
            raise ToolError(
                f"paddle2onnx failed on {model.model.name}: {error.message}",
                remedy="build without it: --engine paddlelite",
            ) from error
    data = out.with_name(out.name + DATA_SUFFIX)
    return OnnxModel(out, data if data.exists() else None, told["opset"], told["ir"], told["attention"])
