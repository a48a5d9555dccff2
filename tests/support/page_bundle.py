"""A bundle that reads pages whose text is coloured squares on white: real stages with networks of a few operators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from onnx import helper
from PIL import Image, ImageDraw

from edge.manifest import TensorSpec
from edge.tasks.ocr.options import (
    DETECT,
    RECOGNISE,
    Colours,
    Ctc,
    LineInput,
    PageInput,
    TextBoxes,
    step_of,
)
from tests.support.models import _model, _stage, _write

LETTERS = {"红": "#ff0000", "a": "#00ff00", "b": "#0000ff"}
SQUARE = 24
"""Pixels of a letter's sides; letters of a line stand one beside the other."""


def squares(lines: Sequence[tuple[str, int, int]], size: tuple[int, int] = (400, 200)) -> Image.Image:
    """A page with lines of letters, each a text and its left and top; no two neighbours in a text may be the same."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for text, left, top in lines:
        for number, letter in enumerate(text):
            at = left + number * SQUARE
            draw.rectangle((at, top, at + SQUARE - 1, top + SQUARE - 1), LETTERS[letter])
    return image


def page_bundle(out: Path, *, most_pixels: int = 1_000_000, text_height: float = 0) -> Path:
    """Finds what is not white and reads each of its colours as the letter in `LETTERS`; options are those of `page`."""
    page = PageInput(colours=_colours(0.0, 1.0), multiple=8, most_pixels=most_pixels, text_height=text_height)
    detect = _stage(
        (TensorSpec(name="page", dtype="float32", shape=("batch", 3, "height", "width")),),
        (TensorSpec(name="text", dtype="float32", shape=("batch", 1, "height", "width")),),
        [step_of(page)],
        [step_of(TextBoxes(threshold=0.4, least_score=0.5, unclip=0.4, dilate=False, most=100))],
        name=DETECT,
    )
    recognise = _stage(
        (TensorSpec(name="lines", dtype="float32", shape=("batch", 3, 16, "width")),),
        (TensorSpec(name="classes", dtype="float32", shape=("batch", "steps", 4)),),
        [step_of(LineInput(colours=_colours(0.5, 0.5), height=16, widths=(64, 128, 256)))],
        [step_of(Ctc(file="characters.txt", blank=0, space=False))],
        name=RECOGNISE,
    )
    find = [
        helper.make_node("ReduceMin", ["page"], ["ground"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["one", "ground"], ["text"]),
    ]
    read = [
        helper.make_node("AveragePool", ["lines"], ["steps"], kernel_shape=[16, 4], strides=[16, 4]),
        helper.make_node("Conv", ["steps", "kernel", "bias"], ["scores"]),
        helper.make_node("Squeeze", ["scores", "row"], ["columns"]),
        helper.make_node("Transpose", ["columns"], ["rows"], perm=[0, 2, 1]),
        helper.make_node("Softmax", ["rows"], ["classes"], axis=2),
    ]
    # A colour's own channel against the others; grey, white and black are blank.
    kernel = np.concatenate([np.zeros((1, 3)), 3 * np.eye(3) - 1]).astype(np.float32) * 3
    constants = {"kernel": kernel.reshape(4, 3, 1, 1), "bias": np.array([5, 0, 0, 0], np.float32), "row": np.array([2])}
    contents = {
        f"{DETECT}.onnx": _model(detect, find, {"one": np.ones(1, np.float32)}),
        f"{RECOGNISE}.onnx": _model(recognise, read, constants),
        "characters.txt": "".join(f"{letter}\n" for letter in LETTERS).encode(),
    }
    return _write(out, "ocr", (detect, recognise), contents)


def _colours(mean: float, std: float) -> Colours:
    return Colours(order="rgb", scale=1 / 255, mean=(mean,) * 3, std=(std,) * 3)
