from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import NodeProto, helper

from edge.engines import Session, open_session
from edge.errors import BundleError
from edge.manifest import TensorSpec
from edge.tasks.ocr.line_reader import LineReader
from edge.tasks.ocr.line_turner import LineTurner
from edge.tasks.ocr.opencv import Pixels
from edge.tasks.ocr.options import Colours, Ctc, LineInput, Turns
from edge.tasks.ocr.recogniser import Recogniser
from tests.support.onnx_models import FLOAT, Arrays, model, value

CHARACTERS = ("", "r", "g", "b")
LINES = LineInput(
    colours=Colours(order="rgb", scale=1 / 255, mean=(0.5,) * 3, std=(0.5,) * 3), height=16, widths=(64, 128, 256)
)
OPTIONS = Ctc(file="characters.txt", blank=0, space=False)
TURNS = Turns(degrees=(0, 180), least=0.6)
UPPER = {"start": np.array([0]), "end": np.array([8]), "rows": np.array([2])}


def opened(out: Path, nodes: Sequence[NodeProto], outputs: Sequence[int | str], constants: Arrays) -> Session:
    shape = ("lines", 3, 16, "width")
    made = model(nodes, [value("x", FLOAT, shape)], [value("y", FLOAT, outputs)], constants)
    onnx.save(made, out)
    given, told = (
        TensorSpec(name=name, dtype="float32", shape=tuple(of)) for name, of in (("x", shape), ("y", outputs))
    )
    return open_session("onnxruntime", out, inputs=(given,), outputs=(told,), threads=1)


@pytest.fixture
def recognise(tmp_path: Path) -> Iterator[Session]:
    """Reads the colours in the upper half of a line, four pixels a step."""
    kernel = np.concatenate([np.zeros((1, 3)), 3 * np.eye(3) - 1]).reshape(4, 3, 1, 1) * 3
    nodes = [
        helper.make_node("Slice", ["x", "start", "end", "rows"], ["upper"]),
        helper.make_node("AveragePool", ["upper"], ["steps"], kernel_shape=[8, 4], strides=[8, 4]),
        helper.make_node("Conv", ["steps", "kernel", "bias"], ["scores"]),
        helper.make_node("Squeeze", ["scores", "rows"], ["columns"]),
        helper.make_node("Transpose", ["columns"], ["classes"], perm=[0, 2, 1]),
        helper.make_node("Softmax", ["classes"], ["y"], axis=2),
    ]
    constants = {**UPPER, "kernel": kernel.astype(np.float32), "bias": np.array([5, 0, 0, 0], np.float32)}
    session = opened(tmp_path / "recognise.onnx", nodes, ["lines", "steps", 4], constants)
    yield session
    session.close()


@pytest.fixture
def turn(tmp_path: Path) -> Iterator[Session]:
    """Says that a line is upside down where its upper half is white."""
    nodes = [
        helper.make_node("Slice", ["x", "start", "end", "rows"], ["upper"]),
        helper.make_node("ReduceMean", ["upper"], ["light"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["light", "last"], ["column"]),
        helper.make_node("Mul", ["column", "ways"], ["scores"]),
        helper.make_node("Softmax", ["scores"], ["y"], axis=1),
    ]
    constants = {**UPPER, "last": np.array([1]), "ways": np.array([[-9, 9]], np.float32)}
    session = opened(tmp_path / "turn.onnx", nodes, ["lines", 2], constants)
    yield session
    session.close()


def line(text: str, side: int = 16) -> Pixels:
    """Coloured squares without gaps in the upper half of a white line."""
    pixels = np.full((16, side * len(text), 3), 255, np.uint8)
    for number, letter in enumerate(text):
        pixels[:8, number * side : (number + 1) * side] = 255 * np.eye(3, dtype=np.uint8)["rgb".index(letter)]
    return pixels


def upside_down(pixels: NDArray[np.uint8]) -> Pixels:
    return np.ascontiguousarray(pixels[::-1, ::-1])


def test_lines_read_together_are_read_as_alone(recognise: Session) -> None:
    recogniser = Recogniser(recognise, LINES, OPTIONS, CHARACTERS)
    texts = ["r", "rg", "rgbrg", "bgbgbgbrgb", "gr" * 6, "b", "rgr"]
    together = recogniser([line(text) for text in texts])
    assert [one.text for one in together] == texts
    for text, found in zip(texts, together, strict=True):
        (alone,) = recogniser([line(text)])
        assert (found.text, found.places) == (alone.text, alone.places)
        assert found.scores == pytest.approx(alone.scores)
        wanted = [(number + 0.5) / len(text) for number in range(len(text))]
        assert found.places == pytest.approx(wanted, abs=2 / 16)


def test_a_line_longer_than_the_network_takes_is_read_whole(recognise: Session) -> None:
    text = "rgb" * 30
    (found,) = Recogniser(recognise, LINES, OPTIONS, CHARACTERS)([line(text)])
    assert found.text == text
    assert found.places == tuple(sorted(found.places))


def test_no_lines_are_no_readings(recognise: Session) -> None:
    assert LineReader(Recogniser(recognise, LINES, OPTIONS, CHARACTERS))([]) == []


def test_a_squeezed_line_says_the_same(recognise: Session) -> None:
    squeezed = dataclasses.replace(LINES, stretch=0.5)
    (found,) = Recogniser(recognise, squeezed, OPTIONS, CHARACTERS)([line("rgbr")])
    assert found.text == "rgbr"


@pytest.mark.parametrize("with_turner", [True, False])
def test_lines_that_are_upside_down_are_read_all_the_same(
    recognise: Session, turn: Session, *, with_turner: bool
) -> None:
    turner = LineTurner(turn, LINES, TURNS) if with_turner else None
    reader = LineReader(Recogniser(recognise, LINES, OPTIONS, CHARACTERS), turner)
    found = reader([line("rgb"), upside_down(line("gbr")), line("br")])
    assert [(one.reading.text, one.turned) for one in found] == [("rgb", 0), ("gbr", 180), ("br", 0)]
    assert reader.as_they_are([upside_down(line("gbr"))])[0].text == ""


def test_what_is_not_surely_turned_is_not(turn: Session) -> None:
    turner = LineTurner(turn, LINES, TURNS)
    half = np.full((16, 64, 3), 127, np.uint8)
    assert turner([line("rgb"), upside_down(line("rgb")), half, line("r" * 40)]) == [0, 180, 0, 0]


def test_networks_that_do_not_fit_are_refused(recognise: Session, turn: Session) -> None:
    with pytest.raises(BundleError, match="knows 4 classes"):
        Recogniser(recognise, LINES, OPTIONS, CHARACTERS[:3])
    with pytest.raises(BundleError, match="the stage recognise has no"):
        Recogniser(turn, LINES, OPTIONS, CHARACTERS)
    with pytest.raises(BundleError, match="the stage turn-line has no"):
        LineTurner(recognise, LINES, TURNS)
    with pytest.raises(BundleError, match="tells 2 turns"):
        LineTurner(turn, LINES, Turns(degrees=(0, 90), least=0.5))
