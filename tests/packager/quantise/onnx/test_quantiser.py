"""The door: a scheme and a stage give an artifact's record and file, or one line that says why not."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from edge.errors import InputError
from edge.manifest import Artifact, Stage
from packager.errors import UnsupportedModelError
from packager.quantise.feeds import write_feeds
from packager.quantise.scheme import DYNAMIC, HALF, STATIC, WEIGHTS, Fp32, Scheme, quantiser_of
from tests.support.onnx_models import save
from tests.support.quantised import farthest, images, mobile_network
from tests.support.transformer import token_feeds, transformer

WITH_BLOCKS = "1.23"
"""The first ONNX Runtime that takes what is quantised by blocks."""


def stage(network: onnx.ModelProto, folder: Path) -> Fp32:
    artifact = Artifact(engine="onnxruntime", file="net.onnx", precision="fp32", opset=17, ir=8, minimum_engine="1.21")
    made = Stage(
        name="net",
        inputs=(),
        outputs=(),
        preprocess=(),
        postprocess=(),
        artifacts=(artifact,),
        parity=(),
        golden=(),
    )
    return Fp32(made, save(network, folder / "net.onnx"), None)


@pytest.mark.parametrize(("precision", "engine"), [(DYNAMIC, WITH_BLOCKS), (WEIGHTS, WITH_BLOCKS), (HALF, "1.21")])
def test_without_calibration(tmp_path: Path, precision: str, engine: str) -> None:
    fp32, scheme = stage(transformer(), tmp_path), Scheme(engine="onnxruntime", precision=precision)
    made = quantiser_of(scheme)(fp32, scheme, None, tmp_path)
    (artifact,) = made.artifacts
    assert (artifact.file, artifact.precision) == (f"net.{precision}.onnx", precision)
    assert (artifact.opset, artifact.minimum_engine) == (17, engine)
    assert list(made.files) == [artifact.file]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["net.onnx", artifact.file])
    assert fp32.onnx
    assert farthest(onnx.load(fp32.onnx), onnx.load(made.files[artifact.file]), token_feeds(1)) < 0.02


def test_static_with_steps_before_and_after(tmp_path: Path) -> None:
    network = mobile_network(0, ("relu6",), 12, spread=3.0)
    fp32, feeds = stage(network, tmp_path), tmp_path / "feeds"
    write_feeds(feeds, images(0))
    off = []
    for steps in ((), ("equalise", "correct-bias")):
        scheme = Scheme(engine="onnxruntime", precision=STATIC, activations="u8", method="mse", steps=steps)
        made = quantiser_of(scheme)(fp32, scheme, feeds, tmp_path)
        off.append(farthest(network, onnx.load(made.files["net.int8.onnx"]), images(1)))
    assert off[1] < off[0] < 0.5


def test_static_without_inputs_is_refused(tmp_path: Path) -> None:
    scheme = Scheme(engine="onnxruntime", precision=STATIC, activations="u8", method="mse")
    with pytest.raises(InputError, match="noise would give wrong ones") as error:
        quantiser_of(scheme)(stage(transformer(), tmp_path), scheme, None, tmp_path)
    assert "--calibration" in error.value.remedy


def test_a_refusal_comes_back_from_the_child_and_leaves_nothing(tmp_path: Path) -> None:
    scheme = Scheme(engine="onnxruntime", precision=DYNAMIC, floats=("Gemm_0",))
    with pytest.raises(UnsupportedModelError, match=r"net\.onnx has no product with weights"):
        quantiser_of(scheme)(stage(mobile_network(0, ("relu",), 4), tmp_path), scheme, None, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["net.onnx"]


def test_a_stage_without_an_onnx_artifact_is_refused(tmp_path: Path) -> None:
    scheme = Scheme(engine="onnxruntime", precision=HALF)
    fp32 = stage(transformer(), tmp_path)
    with pytest.raises(InputError, match="the stage net has no ONNX artifact"):
        quantiser_of(scheme)(Fp32(fp32.stage, None, None), scheme, None, tmp_path)
