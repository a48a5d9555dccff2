from __future__ import annotations

from pathlib import Path

import numpy as np

from packager.emit.model_reader import read_model
from packager.quantise.lite.layers import choose_layers
from packager.quantise.lite.sensitive import sensitive_layers
from packager.quantise.lite.static import static_int8
from tests.support.quantisable import Layers, feeds_file, lite_model


def test_the_layer_whose_input_has_an_outlier_is_worst(tmp_path: Path) -> None:
    make = Layers()
    growth = np.ones(64, np.float32)
    growth[0] = 1e5
    y = make.relu(make.linear(make.input("x", "float32", ("batch", 64)), 64))
    y = make.binary("elementwise_mul", y, make.constant(growth))
    weight = make.weight(64, 64)
    weight[0] *= 1e-5
    program = make.program(y=make.linear(make.relu(make.linear(y, make.constant(weight))), 8))
    model, feeds = lite_model(program, tmp_path), feeds_file(program, tmp_path)
    worst, *others = sensitive_layers(model, feeds, tmp_path)
    layers = [layer.name for layer in choose_layers(read_model(model.model)).layers]
    assert worst.nodes == (layers[1],)
    assert worst.error > 20 * others[0].error > 0
    kept = static_int8(model, feeds, tmp_path, method="min-max", floats=worst.nodes).deviations["y"][0]
    all_of_it = static_int8(model, feeds, tmp_path, method="min-max").deviations["y"][0]
    assert kept < 0.1 * all_of_it


def test_a_network_without_layers_has_none(tmp_path: Path) -> None:
    make = Layers()
    program = make.program(y=make.relu(make.input("x", "float32", ("batch", 4))))
    assert sensitive_layers(lite_model(program, tmp_path), feeds_file(program, tmp_path), tmp_path) == ()
