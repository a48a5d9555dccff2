"""The child with Paddle that rounds one part of a program at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packager.emit.model_reader import read_model
from packager.lower.program import Program
from packager.quantise.feeds import read_feeds
from packager.quantise.improve.sensitivity import error_of
from packager.quantise.lite.layers import Layer, choose_layers
from packager.quantise.lite.ranges import Observed, largest
from packager.quantise.lite.stand_in import rounded_weights, stand_in

Calls = Sequence[Mapping[str, NDArray[Any]]]


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"model", "params", "feeds", "folder", "calls", "parts"}`: replies `{"parts": [[outputs of layers, error]]}`."""
    model = Path(request["model"])
    program = read_model(model)
    feeds = islice(read_feeds(Path(request["feeds"])), request["calls"])
    calls = [{name: np.array(array) for name, array in feed.items()} for feed in feeds]
    observed = Observed(model)
    layers = choose_layers(program).layers
    ranges = largest(observed, calls, sorted({layer.activation for layer in layers}))
    # One that is only fed zeros has no steps, and stays in float anyway.
    layers = tuple(layer for layer in layers if ranges[layer.activation] > 0)
    if not layers:
        return {"parts": []}
    reference = _outputs(observed, program, calls)
    constants = observed.constants()
    size = math.ceil(len(layers) / request["parts"])
    alone = Path(request["folder"], "alone.pdmodel")
    alone.with_suffix(".pdiparams").symlink_to(Path(request["params"]).absolute())
    parts = []
    for start in range(0, len(layers), size):
        part = layers[start : start + size]
        alone.write_bytes(stand_in(model.read_bytes(), part, ranges))
        error = error_of(reference, _outputs(_rounded(alone, constants, part), program, calls))
        parts.append([[layer.name for layer in part], error])
    return {"parts": parts}


def _rounded(model: Path, constants: Mapping[str, NDArray[Any]], part: Sequence[Layer]) -> Observed:
    """The program with fp32's parameters, but for the weights of a part."""
    observed = Observed(model)
    weights = {layer.weight: constants[layer.weight] for layer in part}
    for name, array in rounded_weights(weights, part).items():
        observed.replace(name, array)
    return observed


def _outputs(observed: Observed, program: Program, calls: Calls) -> list[list[NDArray[Any]]]:
    names = [spec.name for spec in program.outputs if spec.dtype == "float32"]
    return [observed.run(call, names) for call in calls]
