from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.engines import open_session
from edge.errors import InputError
from edge.manifest import Artifact, Stage
from packager.emit.paddle_params import write_params
from packager.emit.paddle_run import PaddleRunner
from packager.emit.to_lite import to_lite
from packager.emit.to_paddle import PaddleModel
from packager.errors import ToolError, UnsupportedModelError
from packager.lower.legalise import legalise
from packager.lower.operators.normalisation import normalised_by_statistics
from packager.lower.program import Program
from packager.quantise.lite.checks import check_static
from packager.quantise.lite.kernels import kernels
from packager.quantise.lite.layers import choose_layers
from packager.quantise.lite.stand_in import rounded_weights
from packager.quantise.lite.static import static_int8
from packager.quantise.scheme import Fp32, Quantised, Scheme, quantiser_of
from tests.support.engines import save
from tests.support.quantisable import Layers, convolutions, draw, feeds_file, lite_model, products

Calls = Sequence[Mapping[str, NDArray[Any]]]


@dataclass(frozen=True)
class Small:
    """A network with its Paddle program, feeds, and calls that it was not calibrated on."""

    program: Program
    fp32: Fp32
    feeds: Path
    folder: Path
    held_out: Calls

    def quantise(self, precision: str, *, feeds: bool = True, method: str = "") -> Quantised:
        scheme = Scheme(engine="paddlelite", precision=precision, method=method)
        return quantiser_of(scheme)(self.fp32, scheme, self.feeds if feeds else None, self.folder)

    @property
    def model(self) -> PaddleModel:
        assert self.fp32.model
        return self.fp32.model


def small(program: Program, folder: Path, *, places: Sequence[str] = ("arm", "x86")) -> Small:
    stage = Stage(
        name="net",
        inputs=program.inputs,
        outputs=program.outputs,
        preprocess=(),
        postprocess=(),
        artifacts=tuple(
            Artifact(engine="paddlelite", file=f"net.{place}.nb", precision="fp32", place=place) for place in places
        ),
        parity=(),
        golden=(),
    )
    fp32 = Fp32(stage, None, lite_model(program, folder))
    return Small(program, fp32, feeds_file(program, folder), folder, draw(program, 3, seed=1))


@pytest.fixture(scope="module", params=[convolutions, products, partial(products, shared=True)])
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Small:
    return small(request.param(), tmp_path_factory.mktemp("network"))


def in_lite(file: Path, one: Small) -> list[NDArray[Any]]:
    (output,) = one.program.outputs
    session = open_session("paddlelite", file, inputs=one.program.inputs, outputs=one.program.outputs, threads=1)
    try:
        return [session.run(call)[output.name] for call in one.held_out]
    finally:
        session.close()


def in_paddle(model: Path, one: Small) -> list[NDArray[Any]]:
    (output,) = one.program.outputs
    runner = PaddleRunner(model)
    return [runner.run(call)[output.name] for call in one.held_out]


def apart(first: Sequence[NDArray[Any]], second: Sequence[NDArray[Any]]) -> float:
    """The largest difference, in shares of the largest value."""
    scale = max(float(np.abs(array).max()) for array in first)
    return max(float(np.abs(a - b).max()) for a, b in zip(first, second, strict=True)) / scale


def test_static_int8_ships_for_arm_and_its_numbers_can_be_judged_here(network: Small) -> None:
    made = network.quantise("int8", method="min-max")
    assert [(one.file, one.precision, one.place) for one in made.artifacts] == [("net.int8.arm.nb", "int8", "arm")]
    assert made.left == {}
    assert made.not_run.startswith("Paddle Lite's int8 for arm was not run: this machine is x86_64; in Paddle its")
    assert made.stand_in
    (twin,) = made.stand_in.files.values()
    int8 = network.folder / "static-int8" / "int8.pdmodel"
    assert apart(in_paddle(int8, network), in_lite(twin, network)) < 1e-5
    assert 1e-4 < apart(in_paddle(network.model.model, network), in_lite(twin, network)) < 0.05
    fp32 = to_lite(network.model, network.folder, name="net", place="arm").file
    file = made.files["net.int8.arm.nb"]
    assert file.stat().st_size < 0.5 * fp32.stat().st_size
    assert str(Path(__file__).parents[4]).encode() not in file.read_bytes()


def test_int8_on_x86_is_wrong_which_is_why_it_is_not_made(tmp_path: Path) -> None:
    one = small(products(), tmp_path)
    made = static_int8(one.model, one.feeds, tmp_path, method="min-max")
    x86 = to_lite(made.model, tmp_path, name="int8", place="x86").file
    assert apart(in_paddle(made.model.model, one), in_lite(x86, one)) > 0.1


def test_static_int8_gives_the_same_bytes_again(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        made.append(small(products(), folder).quantise("int8", method="percentile").files["net.int8.arm.nb"])
    assert made[0].read_bytes() == made[1].read_bytes()


@pytest.mark.parametrize(("precision", "bits"), [("int8-weights", 8), ("int16-weights", 16)])
def test_weights_alone_run_on_this_machine_within_their_steps(network: Small, precision: str, bits: int) -> None:
    made = network.quantise(precision, feeds=False)
    assert sorted(made.files) == [f"net.{precision}.arm.nb", f"net.{precision}.x86.nb"]
    assert (made.not_run, made.stand_in) == ("", None)
    got = in_lite(made.files[f"net.{precision}.x86.nb"], network)
    difference = apart(in_paddle(network.model.model, network), got)
    assert 0.01 / 2**bits < difference < 8 / 2**bits


def test_weights_are_those_that_int8_leaves_of_them(tmp_path: Path) -> None:
    one = small(products(), tmp_path)
    legal = legalise(one.program, "paddlelite")
    rounded = tmp_path / "rounded"
    rounded.mkdir()
    model, params = save(legal, rounded)
    write_params(rounded_weights(legal.constants, choose_layers(legal).layers), params)
    made = one.quantise("int8-weights", feeds=False)
    assert apart(in_paddle(model, one), in_lite(made.files["net.int8-weights.x86.nb"], one)) < 1e-5


def test_a_bundle_for_arm_alone_has_a_stand_in_for_its_weights(tmp_path: Path) -> None:
    made = small(products(), tmp_path, places=["arm"]).quantise("int8-weights", feeds=False)
    assert list(made.files) == ["net.int8-weights.arm.nb"]
    assert made.stand_in
    assert list(made.stand_in.files) == ["net.int8-weights.stand-in.x86.nb"]
    assert "was not run" in made.not_run


def test_depthwise_filters_alone_are_not_worth_it(tmp_path: Path) -> None:
    make = Layers()
    y = make.input("x", "float32", (1, 512, 8, 8))
    for _ in range(3):
        y = make.relu(make.convolution(y, 512, 5, groups=512))
    with pytest.raises(UnsupportedModelError, match="few weights of this network can be int8-weights"):
        small(make.program(y=y), tmp_path).quantise("int8-weights")


def test_half_precision_runs_in_kernels_of_its_own(network: Small) -> None:
    made = network.quantise("fp16")
    (file,) = made.files.values()
    assert file.name == "net.fp16.arm.nb"
    found = kernels(file)
    layers = sum(count for (kind, of), count in found.items() if kind in ("conv2d", "depthwise_conv2d", "fc"))
    assert layers == sum(count for (kind, of), count in found.items() if of == "float16" and kind != "tanh")
    assert made.not_run == "Paddle Lite's fp16 for arm was not run: this machine is x86_64"


def test_masks_that_half_precision_cannot_hold_are_refused(tmp_path: Path) -> None:
    make = Layers()
    x = make.input("x", "float32", ("batch", 64))
    program = make.program(y=make.linear(make.affine(x, -1e9, 0.0), 64))
    with pytest.raises(UnsupportedModelError, match=r"cannot hold scale -1e\+09 of scale"):
        small(program, tmp_path).quantise("fp16", feeds=False)


def test_values_that_half_precision_cannot_hold_are_found_on_the_feeds(tmp_path: Path) -> None:
    make = Layers()
    x = make.input("x", "float32", ("batch", 64))
    grown = make.affine(make.affine(x, 60000.0, 0.0), 60000.0, 0.0)
    one = small(make.program(y=make.linear(grown, 64)), tmp_path)
    one.quantise("fp16", feeds=False)
    with pytest.raises(UnsupportedModelError, match=r"cannot hold the variable 'v\.\d+', which reaches \d\.\d+e\+0?5"):
        one.quantise("fp16")


def test_a_norm_that_is_folded_may_have_any_values(tmp_path: Path) -> None:
    """PP-OCRv4's detector has variances of 1e8; its convolution takes them along before anything is half."""
    make = Layers()
    image = make.input("x", "float32", ("batch", 8, 6, 6))
    filters = make.constant(2e4 * make.weight(16, 8, 1, 1))
    geometry = {"strides": (1, 1), "paddings": (0, 0), "dilations": (1, 1), "groups": 1}
    shape = ("batch", 16, 6, 6)
    names = {"padding_algorithm": "EXPLICIT", "data_format": "NCHW"}
    y = make.emit("conv2d", {"Input": image, "Filter": filters}, geometry | names, out="Output", shape=shape)
    statistics = [make.constant(np.full(16, value, np.float32)) for value in (1, 0, 0, 1e10)]
    y = normalised_by_statistics(make, y, statistics, 1e-5)
    program = make.program(y=make.relu(y))
    assert small(program, tmp_path).quantise("fp16").artifacts


def test_operators_between_convolutions_survive(tmp_path: Path) -> None:
    """relu6 needs its threshold, and a scale behind a convolution must not be folded into int8."""
    make = Layers()
    y = make.convolution(make.input("x", "float32", (2, 8, 6, 6)), 16, 3)
    y = make.convolution(make.emit("relu6", {"X": make.affine(y, 0.5, 0.25)}, {"threshold": 6.0}), 16, 1)
    swish = {"threshold": 6.0, "scale": 6.0, "offset": 3.0}
    y = make.convolution(make.emit("hard_swish", {"X": y}, swish), 16, 7, groups=16)
    one = small(make.program(y=make.affine(y, 2.0, 0.0)), tmp_path)
    made = one.quantise("int8", method="min-max")
    assert made.stand_in
    (twin,) = made.stand_in.files.values()
    assert apart(in_paddle(tmp_path / "static-int8" / "int8.pdmodel", one), in_lite(twin, one)) < 1e-5


def test_int8_that_opt_did_not_keep_is_noticed(tmp_path: Path) -> None:
    one = small(products(), tmp_path)
    made = static_int8(one.model, one.feeds, tmp_path, method="min-max")
    fp32, int8 = (
        to_lite(model, tmp_path, name=name, place="arm").file for name, model in (("a", one.model), ("b", made.model))
    )
    check_static(int8, fp32, made)
    with pytest.raises(ToolError, match=r"opt runs 0 operators of a\.arm\.nb in int8, 3 were quantised"):
        check_static(fp32, fp32, made)
    with pytest.raises(ToolError, match=r"b\.arm\.nb is only 0 bytes smaller than fp32, with 36864 weights in int8"):
        check_static(int8, int8, made)


def test_refusals(tmp_path: Path) -> None:
    one = small(products(), tmp_path)
    with pytest.raises(InputError, match="static int8 needs ranges") as caught:
        one.quantise("int8", feeds=False, method="mse")
    assert "--calibration" in caught.value.remedy
    for precision in ("int8", "fp16"):
        x86 = Small(one.program, Fp32(_only_x86(one.fp32.stage), None, one.model), one.feeds, tmp_path, ())
        with pytest.raises(UnsupportedModelError, match="is right on arm alone"):
            x86.quantise(precision, method="mse")
    scheme = Scheme(engine="paddlelite", precision="int8-weights", floats=("hidden",))
    with pytest.raises(InputError, match="cannot leave out operators"):
        quantiser_of(scheme)(one.fp32, scheme, None, tmp_path)
    with pytest.raises(InputError, match="cannot be given the step equalise"):
        quantiser_of(scheme)(one.fp32, replace(scheme, steps=("equalise",)), None, tmp_path)
    with pytest.raises(InputError, match="there is no Paddle program of the stage net"):
        quantiser_of(scheme)(Fp32(one.fp32.stage, None, None), scheme, None, tmp_path)


def _only_x86(stage: Stage) -> Stage:
    return replace(stage, artifacts=tuple(one for one in stage.artifacts if one.place == "x86"))
