"""What the search for every stage and engine works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from edge.bundle import Bundle
from edge.manifest import Stage
from packager.emit.to_paddle import PaddleModel
from packager.quantise.calibration import CalibrationSet
from packager.quantise.scheme import Fp32
from packager.quantise.settings import Settings


@dataclass(frozen=True)
class Job:
    """The fp32 bundle, what was asked, the inputs, what each stage was fed, and the Paddle programs, by stage."""

    fp32: Bundle
    settings: Settings
    inputs: CalibrationSet
    feeds: Mapping[str, Path]
    programs: Mapping[str, PaddleModel]
    scratch: Path

    def stage(self, stage: Stage) -> Fp32:
        """The stage as it is."""
        onnx = next((one for one in stage.artifacts if one.engine == "onnxruntime"), None)
        return Fp32(stage, self.fp32.file(onnx.file) if onnx else None, self.programs.get(stage.name))

    def folder(self, name: str) -> Path:
        """A new folder of that name in the scratch."""
        made = self.scratch / name
        made.mkdir()
        return made
