"""A whole bundle for Paddle Lite, judged on pictures by what runs here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edge.bundle import open_bundle
from edge.manifest import Artifact, Stage, Step
from edge.quantisation import CandidateRecord, Quantisation
from packager.emit.paddle_run import PaddleRunner
from packager.emit.to_lite import to_lite
from packager.emit.to_paddle import PaddleModel
from packager.golden import golden_files
from packager.lower.program import Program
from packager.parity.reference import Sample
from packager.quantise.run import quantise
from packager.quantise.settings import Settings
from tests.support.calibration import colour_pictures
from tests.support.models import COLOURS, _write
from tests.support.quantisable import Layers, draw, lite_model

SIDE, WIDTH = 16, 48
Made = tuple[Path, PaddleModel, Path]


def colours(*, spoilt: bool = False) -> Program:
    """Two convolutions that keep the channels of an image apart, and their means: logits of red, green, blue.

    Between the two of a `spoilt` one a channel has a million times the others' values: eight bits leave them nothing.
    """
    make = Layers()
    x = make.input("pixel_values", "float32", ("batch", 3, SIDE, SIDE))
    for size in (3, 1):
        kernel = 0.1 * make.weight(WIDTH, int(x.shape[1]), size, size)
        for row in range(WIDTH):
            kernel[row, row % 3 :: 3, size // 2, size // 2] += 3 / int(x.shape[1])
        if spoilt and size == 3:
            kernel[0] *= 1e6
        if spoilt and size == 1:
            kernel[:, 0] *= 1e-6
        x = make.relu(make.convolution(x, WIDTH, size, kernel=kernel))
    axes = {"dim": (2, 3), "keep_dim": False, "reduce_all": False}
    x = make.emit("reduce_mean", {"X": x}, axes, shape=("batch", WIDTH))
    rows = np.array([[8.0 * (row % 3 == label) for label in range(3)] for row in range(WIDTH)], np.float32)
    return make.program(logits=make.linear(x, make.constant(rows)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("colours"), colours())


def make(folder: Path, program: Program) -> Made:
    """The fp32 bundle, its program, and pictures."""
    model = lite_model(program, folder)
    files = {place: to_lite(model, folder, name="network", place=place).file for place in ("arm", "x86")}
    stage = Stage(
        name="network",
        inputs=program.inputs,
        outputs=program.outputs,
        preprocess=(
            Step(kind="decode", options={}),
            Step(kind="resize", options={"filter": "bilinear", "height": SIDE, "width": SIDE}),
            Step(kind="rescale", options={"factor": 1 / 255}),
        ),
        postprocess=(
            Step(kind="select", options={"output": "logits"}),
            Step(kind="softmax", options={}),
            Step(kind="labels", options={"file": "labels.txt"}),
            Step(kind="top_k", options={"k": 2}),
        ),
        artifacts=tuple(
            Artifact(engine="paddlelite", file=file.name, precision="fp32", place=place)
            for place, file in files.items()
        ),
        parity=(),
        golden=(),
    )
    runner = PaddleRunner(model.model)
    golden = golden_files(
        [Sample(f"{number:03}", feed, runner.run(feed), {}, {}) for number, feed in enumerate(draw(program, 2))]
    )
    contents = {file.name: file.read_bytes() for file in files.values()}
    contents["labels.txt"] = "".join(f"{colour}\n" for colour in COLOURS).encode()
    stage = replace(stage, golden=tuple(golden))
    bundle = _write(folder / "colours.edge", "image-classification", stage, {**contents, **golden})
    return bundle, model, colour_pictures(folder / "pictures", 40)


def quantised(made: Made, out: Path, precision: str) -> tuple[Stage, Quantisation]:
    bundle, model, pictures = made
    settings = Settings(precision=precision, calibration=pictures, target="rpi5")
    (stage,) = quantise(open_bundle(bundle), out, settings, {"network": model}).manifest.stages
    assert stage.quantisation
    return stage, stage.quantisation


def only(found: Quantisation, precision: str) -> CandidateRecord:
    (one,) = [candidate for candidate in found.candidates if candidate.precision == precision]
    return one


def test_int8_for_arm_is_judged_by_its_stand_in(made: Made, tmp_path: Path) -> None:
    stage, found = quantised(made, tmp_path / "made.edge", "int8")
    assert {one.place: (one.file, one.precision) for one in stage.artifacts} == {
        "arm": ("network.int8.arm.nb", "int8"),
        "x86": ("network.x86.nb", "fp32"),
    }
    assert only(found, "int8").verdict == "chosen"
    drop = only(found, "int8").drop
    assert drop
    assert drop.value == 0
    assert only(found, "int8").latency_ratio is None
    (said,) = found.not_run
    assert said.startswith(
        "Paddle Lite's int8 for arm was not run: this machine is x86_64; in Paddle its output 'logits'"
    )


def test_half_precision_that_nothing_here_can_run_is_not_taken_for_fp32(made: Made, tmp_path: Path) -> None:
    stage, found = quantised(made, tmp_path / "made.edge", "fp16")
    assert {one.precision for one in stage.artifacts} == {"fp32"}
    half = only(found, "fp16")
    assert (half.verdict, half.drop) == ("failed", None)
    assert half.reason == "not judged: Paddle Lite's fp16 for arm was not run: this machine is x86_64"


@pytest.mark.full
def test_what_loses_too_much_goes_back_to_float(tmp_path: Path) -> None:
    stage, found = quantised(make(tmp_path, colours(spoilt=True)), tmp_path / "made.edge", "int8")
    ways = [one for one in found.candidates if one.precision == "int8"]
    assert ways[0].reason.endswith("over the budget of 1")
    chosen = ways[-1]
    assert chosen.verdict == "chosen"
    assert list(chosen.floats) == list(found.sensitivities[0].nodes)
    assert found.sensitivities[0].error > 10 * found.sensitivities[1].error
    assert chosen.drop
    assert chosen.drop.value <= 1
    assert stage.artifacts[0].precision == "int8"
