"""Paddle model to Paddle Lite's `.nb`, through `opt` in the interpreter that has paddlelite."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packager.emit.lite_python import lite_python, lite_version
from packager.emit.model_reader import read_model
from packager.emit.to_paddle import PaddleModel
from packager.errors import ToolError, WorkerError
from packager.lower.legalise.lite_guard import lite_guard
from packager.worker import run_worker

__all__ = ["LiteModel", "Place", "lite_version", "to_lite"]

Place = Literal["arm", "x86"]


@dataclass(frozen=True)
class LiteModel:
    """A `.nb` file and the place that it is for: `arm` ships, `x86` verifies."""

    place: Place
    file: Path


def to_lite(model: PaddleModel, folder: Path, *, name: str, place: Place, precision: str = "") -> LiteModel:
    """Write `NAME.PLACE.nb` into `folder`.

    `precision` is what `opt` makes of a float model: `fp16` (kernels of arm), or `int8-weights` and `int16-weights`,
    which are floats again once the model is loaded.

    Raises UnsupportedModelError for operators that Paddle Lite does not list or gets wrong, ToolError where there is no
    interpreter with paddlelite, and where `opt` died, quoting what it said.
    """
    lite_guard(read_model(model.model))
    out = folder / f"{name}.{place}.nb"
    request = {"model": str(model.model), "params": str(model.params), "place": place, "out": str(out)}
    request["precision"] = precision
    try:
        run_worker("packager.emit.lite_worker", request, python=str(lite_python()))
    except WorkerError as error:
        raise ToolError(
            f"Paddle Lite's opt refused {model.model.name} for {place}: {error.message}",
            remedy="build without it: --engine onnxruntime",
        ) from error
    return LiteModel(place, out)
