from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import ModelProto, helper

from packager.emit.onnx_passes.scales import fold_scales
from tests.support.onnx_models import FLOAT, model, value

RANDOM = np.random.default_rng(0)
WEIGHTS = {
    "weight": RANDOM.normal(size=(4, 6)).astype(np.float32),
    "bias": RANDOM.normal(size=6).astype(np.float32),
    "scale": RANDOM.normal(size=6).astype(np.float32),
    "wide": RANDOM.normal(size=(1, 1, 6)).astype(np.float32),
    "half": np.full(1, 0.5, np.float32),
    "rows": RANDOM.normal(size=(1, 3, 1)).astype(np.float32),
}


def layers(*scales: str, shown: bool = False, swapped: bool = False) -> ModelProto:
    """Layers over one input that share their weights, each with a scale behind; `shown` lets the sum be an output."""
    nodes, outputs = [], []
    for at, scale in enumerate(scales):
        nodes += [
            helper.make_node("MatMul", ["x", "weight"], [f"product{at}"]),
            helper.make_node("Add", [f"product{at}", "bias"], [f"sum{at}"]),
            helper.make_node("Mul", [scale, f"sum{at}"] if swapped else [f"sum{at}", scale], [f"y{at}"]),
        ]
        outputs.append(value(f"y{at}", FLOAT, ["batch", 3, 6]))
    if shown:
        outputs.append(value("sum0", FLOAT, ["batch", 3, 6]))
    used = {name: array for name, array in WEIGHTS.items() if name in ("weight", "bias", *scales)}
    return model(nodes, [value("x", FLOAT, ["batch", 3, 4])], outputs, used)


def run(made: ModelProto) -> list[np.ndarray]:
    x = np.random.default_rng(1).normal(size=(2, 3, 4)).astype(np.float32)
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {"x": x})
    return found


def folded(made: ModelProto) -> ModelProto:
    copy = ModelProto.FromString(made.SerializeToString())
    fold_scales(copy.graph)
    return copy


@pytest.mark.parametrize("scales", [("scale",), ("wide",), ("scale", "wide"), ("scale", "scale")])
@pytest.mark.parametrize("swapped", [False, True])
def test_the_scale_is_in_the_layer(scales: tuple[str, ...], swapped: bool) -> None:
    made = layers(*scales, swapped=swapped)
    found = folded(made)
    assert "Mul" not in [node.op_type for node in found.graph.node]
    assert len(found.graph.initializer) == 2 * len(set(scales))
    for one, other in zip(run(found), run(made), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)


@pytest.mark.parametrize("made", [layers("half"), layers("rows"), layers("scale", shown=True)])
def test_other_products_stay(made: ModelProto) -> None:
    assert folded(made) == made
