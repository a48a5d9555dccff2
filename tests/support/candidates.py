"""A second bundle whose network differs from the first one's on purpose, as a quantised one does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from tests.support.bundles import reseal


def changed(bundle: Path, out: Path, change: Callable[[onnx.ModelProto], None], file: str = "network.onnx") -> Path:
    """A copy with another artifact, sizes and digests right."""
    shutil.copytree(bundle, out)
    model = onnx.load(out / file)
    change(model)
    onnx.save(model, out / file)
    reseal(out)
    return out


def add_to_output(values: list[float]) -> Callable[[onnx.ModelProto], None]:
    """Add a vector to what the network gives."""

    def change(model: onnx.ModelProto) -> None:
        graph = model.graph
        name = graph.output[0].name
        for node in graph.node:
            node.output[:] = ["before" if one == name else one for one in node.output]
        graph.initializer.append(numpy_helper.from_array(np.array(values, np.float32), "added"))
        graph.node.append(helper.make_node("Add", ["before", "added"], [name]))

    return change


def disturb(name: str, size: float) -> Callable[[onnx.ModelProto], None]:
    """Add noise of that size to a constant, always the same."""

    def change(model: onnx.ModelProto) -> None:
        for one in model.graph.initializer:
            if one.name == name:
                array = numpy_helper.to_array(one)
                noise = np.random.default_rng(7).standard_normal(array.shape).astype(array.dtype)
                one.CopyFrom(numpy_helper.from_array(array + np.float32(size) * noise, name))

    return change


def compute_more(model: onnx.ModelProto) -> None:
    """Three thousand operators more, one after the other."""
    graph = model.graph
    name = graph.output[0].name
    for node in graph.node:
        node.output[:] = ["step0" if one == name else one for one in node.output]
    steps = pairwise([*(f"step{number}" for number in range(3000)), name])
    graph.node.extend(helper.make_node("Sin", [one], [two]) for one, two in steps)
