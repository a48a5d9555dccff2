"""Paddle model to Paddle Lite's `.nb`, through `opt` in the interpreter that has paddlelite."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packager.emit.lite_python import lite_python
from packager.emit.to_paddle import PaddleModel
from packager.errors import ToolError, WorkerError
from packager.worker import run_worker

Place = Literal["arm", "x86"]


@dataclass(frozen=True)
class LiteModel:
    """A `.nb` file and the place that it is for: `arm` ships, `x86` verifies."""

    place: Place
    file: Path


def to_lite(model: PaddleModel, folder: Path, *, name: str, place: Place) -> LiteModel:
    """Write `NAME.PLACE.nb` into `folder`.

    Raises ToolError where there is no interpreter with paddlelite, and where `opt` died, quoting what it said.
    """
    out = folder / f"{name}.{place}.nb"
    request = {"model": str(model.model), "params": str(model.params), "place": place, "out": str(out)}
    try:
        run_worker("packager.emit.lite_worker", request, python=str(lite_python()))
    except WorkerError as error:
        raise ToolError(
            f"Paddle Lite's opt refused {model.model.name} for {place}: {error.message}",
            remedy="build without it: --engine onnxruntime",
        ) from error
    return LiteModel(place, out)
