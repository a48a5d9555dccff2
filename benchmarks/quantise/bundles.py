"""Builds a model in fp32, and quantises that bundle with the command: as int8, and as `auto` chooses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.commands import succeed
from benchmarks.quantise.subjects import Subject
from edge.bundle import Bundle, open_bundle
from edge.manifest import Artifact, Stage
from packager.emit.onnx_limits import DATA_SUFFIX

ENGINE = "onnxruntime"
QUANTISED = ("int8", "auto")


def build_all(subject: Subject, folder: Path) -> Mapping[str, Bundle]:
    """The bundles by precision (`fp32`, `int8`, `auto`), made once for a folder."""
    fp32 = folder / "fp32.edge"
    if not fp32.exists():
        succeed("packager", "build", subject.source, "-o", fp32, "--engine", ENGINE, *subject.options)
    paths = {"fp32": fp32, **{precision: folder / f"{precision}.edge" for precision in QUANTISED}}
    budget = ("--calibration", subject.calibration, "--max-drop", f"{subject.max_drop:g}")
    # Ranges make random weights neither faster nor smaller.
    method = ("--method", "min-max") if subject.test is None else ()
    for precision in QUANTISED:
        if not paths[precision].exists():
            wanted = ("-o", paths[precision], "--precision", precision)
            succeed("packager", "quantise", fp32, *wanted, *budget, *method)
    return {precision: open_bundle(path) for precision, path in paths.items()}


def artifact(stage: Stage) -> Artifact:
    """The one that is measured here."""
    return next(one for one in stage.artifacts if one.engine == ENGINE)


def size(bundle: Bundle) -> int:
    """Bytes of all networks, weights in files beside them included."""
    names = {artifact(stage).file for stage in bundle.manifest.stages}
    return sum(
        one.size for one in bundle.manifest.files if one.path in names or one.path.removesuffix(DATA_SUFFIX) in names
    )


def stays(stage: Stage) -> str:
    """Why a stage stays in fp32, as its manifest says; empty where it does not."""
    if artifact(stage).precision != "fp32":
        return ""
    tried = stage.quantisation.candidates if stage.quantisation else ()
    named = ((" ".join(filter(None, (one.precision, one.activations, one.method))), one) for one in tried)
    lost = [f"{name}: {one.reason}" for name, one in named if one.precision != "fp32"]
    return "; ".join(lost) or "nothing was tried"
