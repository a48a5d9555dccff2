from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edge.errors import InputError
from packager.emit.paddle_run import PaddleRunner
from packager.errors import UnsupportedModelError
from packager.lower.program import Program
from packager.quantise.feeds import write_feeds
from packager.quantise.lite.layers import CHOSEN
from packager.quantise.lite.static import static_int8
from packager.quantise.lite.static_worker import DEAD, run
from tests.support.programs import ProgramMaker
from tests.support.quantisable import Layers, draw, feeds_file, lite_model, products

ONES = np.ones((1, 64), np.float32)


def one_product() -> Program:
    make = Layers()
    return make.program(y=make.linear(make.input("x", "float32", ("batch", 64)), 32))


@pytest.mark.parametrize("method", ["min-max", "entropy", "percentile", "mse"])
def test_every_method_stays_within_the_steps_that_it_takes(tmp_path: Path, method: str) -> None:
    program = one_product()
    model, feeds = lite_model(program, tmp_path), feeds_file(program, tmp_path)
    run({"model": str(model.model), "feeds": str(feeds), "method": method, "floats": [], "folder": str(tmp_path)})
    fp32, int8 = (PaddleRunner(path) for path in (model.model, tmp_path / "int8.pdmodel"))
    assert int8.operators["quantize_linear"] >= 1
    weight = next(array for array in program.constants.values() if array.ndim == 2)
    (feed,) = draw(program, 1, batch=64, seed=5)
    expected, got = (np.asarray(runner.run(feed)["y"], float) for runner in (fp32, int8))
    x = np.asarray(feed["x"], float)
    # Entropy cuts the few largest values off; a rounded factor is off by half a step of it.
    reach = np.abs(x).max() * {"entropy": 0.5, "mse": 0.7}.get(method, 0.9)
    cut = np.maximum(np.abs(x) - reach, 0) + reach / 127
    steps = np.abs(weight).max(0, keepdims=True) / 127
    bound = cut @ np.abs(weight) + np.abs(x) @ np.broadcast_to(steps / 2, weight.shape)
    assert (np.abs(expected - got) <= bound).all()
    assert np.abs(expected - got).max() > 1e-4


def test_errors_are_summed_over_all_calls(tmp_path: Path) -> None:
    """A faint input last: Paddle's own search takes the range that suits it, and cuts the others off."""
    program = one_product()
    model = lite_model(program, tmp_path)
    calls = [*draw(program, 3), {"x": np.full((4, 64), 1e-3, np.float32)}]
    write_feeds(tmp_path / "feeds", calls)
    made = static_int8(model, tmp_path / "feeds", tmp_path, method="mse")
    error, scale = made.deviations["y"]
    assert error < 0.05 * scale
    assert "in Paddle its output 'y' is up to" in made.deviation


def test_what_is_named_stays_in_float_and_the_rest_says_why(tmp_path: Path) -> None:
    program = products()
    model, feeds = lite_model(program, tmp_path), feeds_file(program, tmp_path)
    first, *others = static_int8(model, feeds, tmp_path, method="min-max").layers
    made = static_int8(model, feeds, tmp_path, method="min-max", floats=[first])
    assert (list(made.layers), made.left) == (others, {})
    with pytest.raises(UnsupportedModelError, match=f"no operator of .* can be int8 in Paddle Lite: {CHOSEN}"):
        static_int8(model, feeds, tmp_path, method="min-max", floats=[first, *others])


def test_a_layer_that_is_only_fed_zeros_stays_in_float(tmp_path: Path) -> None:
    make = Layers()
    x = make.input("x", "float32", ("batch", 64))
    still = make.linear(make.affine(x, 0.0, 0.0), 64)
    program = make.program(y=make.linear(make.relu(make.binary("elementwise_add", still, x)), 8))
    made = static_int8(lite_model(program, tmp_path), feeds_file(program, tmp_path), tmp_path, method="min-max")
    assert list(made.left.values()) == [DEAD]
    assert len(made.layers) == 1


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ([], "there are no calibration inputs"),
        (
            [{"x": np.ones((1, 64), np.float32)}, {"x": np.full((1, 64), np.nan, np.float32)}],
            "'x' of calibration call 1",
        ),
        ([{"z": np.ones((1, 64), np.float32)}], r"call 0 has the inputs \['z'\], the network takes \['x'\]"),
    ],
)
def test_feeds_that_tell_nothing_are_refused(
    tmp_path: Path, calls: list[dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]], said: str
) -> None:
    write_feeds(tmp_path / "feeds", calls)
    with pytest.raises(InputError, match=said):
        static_int8(lite_model(one_product(), tmp_path), tmp_path / "feeds", tmp_path, method="min-max")


def test_values_that_overflow_on_the_way_are_refused(tmp_path: Path) -> None:
    make = Layers()
    x = make.emit("exp", {"X": make.affine(make.input("x", "float32", ("batch", 64)), 1000.0, 0.0)})
    program = make.program(y=make.linear(x, 8))
    with pytest.raises(InputError, match="is not finite on the calibration inputs"):
        static_int8(lite_model(program, tmp_path), feeds_file(program, tmp_path), tmp_path, method="min-max")


def test_a_network_without_layers_is_refused(tmp_path: Path) -> None:
    make = ProgramMaker()
    program = make.program(y=make.emit("tanh", {"X": make.input("x", "float32", ("batch", 64))}))
    with pytest.raises(UnsupportedModelError, match=r"no operator of program\.pdmodel can be int8"):
        static_int8(lite_model(program, tmp_path), feeds_file(program, tmp_path), tmp_path, method="min-max")


def test_a_method_and_a_variable_that_do_not_exist(tmp_path: Path) -> None:
    program = one_product()
    model, feeds = lite_model(program, tmp_path), feeds_file(program, tmp_path)
    with pytest.raises(InputError, match="'best' is no method"):
        static_int8(model, feeds, tmp_path, method="best")
    with pytest.raises(InputError, match="no operator gives the variable 'w'"):
        static_int8(model, feeds, tmp_path, method="mse", floats=["w"])
