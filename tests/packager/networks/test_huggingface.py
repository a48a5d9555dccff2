"""A model folder with inputs of the user's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from packager import Order, build
from tests.support.architectures import SIDE, write_architecture


def test_real_inputs_are_measured_on_every_hop(tmp_path: Path) -> None:
    folder = write_architecture("resnet", tmp_path / "resnet")
    np.savez(tmp_path / "real.npz", pixel_values=np.random.default_rng(1).normal(size=(2, 3, SIDE, SIDE)).astype("f4"))
    order = Order(engines=("onnxruntime",), samples=tmp_path / "real.npz")
    (stage,) = build(str(folder), tmp_path / "out.edge", order).manifest.stages
    assert [hop.hop for hop in stage.parity] == ["paddle for onnxruntime", "onnxruntime"]
    assert {hop.batches for hop in stage.parity} == {(1, 2, 3)}
