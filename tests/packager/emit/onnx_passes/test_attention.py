from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import GraphProto, helper, numpy_helper

from edge.engines import open_session
from edge.manifest import TensorSpec
from packager.emit.onnx_passes import attention as passes
from packager.emit.onnx_passes.attention import DOMAIN, fuse_attention
from tests.support.devices import CORES, PYTHONS, on_arm64, python_of
from tests.support.onnx_models import FLOAT, model, save, value

HEADS, WIDTH, INNER = 3, 4, 10
Array = NDArray[Any]
RANDOM = np.random.default_rng(0)
WEIGHTS: dict[str, Array] = {
    f"{part}.{what}": RANDOM.normal(size=shape).astype(np.float32)
    for part in "qkv"
    for what, shape in (("weight", (INNER, HEADS * WIDTH)), ("bias", (HEADS * WIDTH,)))
}
SHAPES = {"split": np.array([0, 0, HEADS, WIDTH]), "join": np.array([0, 0, HEADS * WIDTH])}
SCALE = np.array(0.5, np.float32)


NODES = {"Attention": ["Attention"], "MultiHeadAttention": ["MatMul", "Add", "Split", "MultiHeadAttention"]}


@pytest.fixture(params=NODES)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both forms, of a network that is too small for one of them."""
    if request.param == "MultiHeadAttention":
        monkeypatch.setattr(passes, "WIDE", 1)
    return str(request.param)


def attention(*, bias: Array | str | None = None, swapped: bool = False, unbiased: str = "", scale: str = "Mul") -> Any:
    """Self-attention over x (batch, tokens, 10) as paddle2onnx writes it; `mask` is an input where `bias` says so."""
    nodes = []
    weights = WEIGHTS | SHAPES | {"scale": SCALE}
    for part, order in (("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])):
        nodes.append(helper.make_node("MatMul", ["x", f"{part}.weight"], [f"{part}.product"]))
        nodes.append(helper.make_node("Add", [f"{part}.product", f"{part}.bias"], [f"{part}.sum"]))
        source = f"{part}.product" if part == unbiased else f"{part}.sum"
        nodes.append(helper.make_node("Reshape", [source, "split"], [f"{part}.split"]))
        nodes.append(helper.make_node("Transpose", [f"{part}.split"], [part], perm=order))
    nodes = [node for node in nodes if node.output[0] != f"{unbiased}.sum"]
    nodes.append(helper.make_node("MatMul", ["q", "k"], ["raw"]))
    nodes.append(helper.make_node(scale, ["raw", "scale"], ["scores"]))
    if bias is not None:
        if not isinstance(bias, str):
            weights["mask"] = bias
        nodes.append(helper.make_node("Add", ["mask", "scores"] if swapped else ["scores", "mask"], ["masked"]))
    nodes += [
        helper.make_node("Softmax", ["scores" if bias is None else "masked"], ["shares"], axis=3),
        helper.make_node("MatMul", ["shares", "v"], ["mixed"]),
        helper.make_node("Transpose", ["mixed"], ["turned"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["turned", "join"], ["y"]),
    ]
    inputs = [value("x", FLOAT, ["batch", "tokens", INNER])]
    if isinstance(bias, str):
        inputs.append(value("mask", FLOAT, ["batch", 1, 1, "tokens"]))
    return model(nodes, inputs, [value("y", FLOAT, ["batch", "tokens", HEADS * WIDTH])], weights)


def fused(made: Any) -> Any:
    assert fuse_attention(made.graph)
    made.opset_import.append(helper.make_opsetid(DOMAIN, 1))
    onnx.checker.check_model(made)
    return made


def types(graph: GraphProto) -> list[str]:
    return [node.op_type for node in graph.node]


def in_torch(x: Array, mask: Array | None, *, unbiased: str = "", factor: float = 0.5) -> Array:
    import torch

    given = torch.from_numpy(x)
    q, k, v = (
        (given @ torch.from_numpy(WEIGHTS[f"{p}.weight"]) + torch.from_numpy(WEIGHTS[f"{p}.bias"]) * (p != unbiased))
        .view(*x.shape[:2], HEADS, WIDTH)
        .transpose(1, 2)
        for p in "qkv"
    )
    added = None if mask is None else torch.from_numpy(mask)
    mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=added, scale=factor)
    return np.asarray(mixed.transpose(1, 2).flatten(2))


def padded(batch: int, tokens: int) -> Array:
    mask = np.zeros((batch, 1, 1, tokens), np.float32)
    mask[-1, ..., tokens // 2 :] = -1e9
    return mask


def run(made: Any, folder: Path, feeds: dict[str, Array]) -> Array:
    inputs = [
        TensorSpec(name=name, dtype="float32", shape=tuple(f"{name}{at}" for at in range(array.ndim)))
        for name, array in feeds.items()
    ]
    outputs = (TensorSpec(name="y", dtype="float32", shape=("batch", "tokens", HEADS * WIDTH)),)
    file = save(made, folder / "attention.onnx")
    session = open_session("onnxruntime", file, inputs=tuple(inputs), outputs=outputs, threads=1)
    return session.run(feeds)["y"]


@pytest.mark.parametrize(("batch", "tokens"), [(1, 4), (3, 7)])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_mask_of_texts_is_added_for_every_query(
    batch: int, tokens: int, swapped: bool, kind: str, tmp_path: Path
) -> None:
    made = fused(attention(bias="mask", swapped=swapped))
    assert types(made.graph) == ["Shape", "Concat", "Expand", *NODES[kind]]
    x, mask = RANDOM.normal(size=(batch, tokens, INNER)).astype(np.float32), padded(batch, tokens)
    np.testing.assert_allclose(run(made, tmp_path, {"x": x, "mask": mask}), in_torch(x, mask), rtol=1e-4, atol=1e-5)


def test_positions_are_added_as_they_are(kind: str, tmp_path: Path) -> None:
    bias = RANDOM.normal(size=(1, HEADS, 5, 5)).astype(np.float32)
    made = fused(attention(bias=bias))
    assert types(made.graph) == NODES[kind]
    x = RANDOM.normal(size=(2, 5, INNER)).astype(np.float32)
    np.testing.assert_allclose(run(made, tmp_path, {"x": x}), in_torch(x, bias), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("scale", ["Mul", "Div"])
@pytest.mark.parametrize("unbiased", ["", "k"])
def test_scales_and_missing_biases(scale: str, unbiased: str, kind: str, tmp_path: Path) -> None:
    made = fused(attention(scale=scale, unbiased=unbiased))
    assert types(made.graph) == NODES[kind]
    x = RANDOM.normal(size=(2, 6, INNER)).astype(np.float32)
    expected = in_torch(x, None, unbiased=unbiased, factor=0.5 if scale == "Mul" else 2)
    np.testing.assert_allclose(run(made, tmp_path, {"x": x}), expected, rtol=1e-4, atol=1e-5)


def test_the_parts_are_gone_and_merged_in_order() -> None:
    graph = fused(attention()).graph
    held = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    assert set(held) == set(graph.node[0].input[1:3])
    np.testing.assert_array_equal(held[graph.node[0].input[1]], np.hstack([WEIGHTS[f"{p}.weight"] for p in "qkv"]))


@pytest.mark.parametrize("read", ["shares", "q", "scores"])
def test_what_someone_else_reads_is_not_fused(read: str) -> None:
    made = attention()
    made.graph.output.append(value(read, FLOAT, None))
    before = types(made.graph)
    assert not fuse_attention(made.graph)
    assert types(made.graph) == before


ON_A_DEVICE = """
import sys, numpy, onnxruntime
onnxruntime.set_default_logger_severity(3)
given = numpy.load(sys.argv[2])
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
found = session.run(None, {"x": given["x"], "mask": given["mask"]})[0]
print(onnxruntime.__version__, abs(found - given["y"]).max())
sys.exit(not numpy.allclose(found, given["y"], rtol=1e-4, atol=1e-5))
"""


@pytest.fixture
def masked(kind: str, tmp_path: Path) -> tuple[Path, Path]:
    """A fused attention of either form, and a batch of it with a padded text and torch's answer."""
    x, mask = RANDOM.normal(size=(3, 7, INNER)).astype(np.float32), padded(3, 7)
    np.savez(tmp_path / "given.npz", x=x, mask=mask, y=in_torch(x, mask))
    return save(fused(attention(bias="mask")), tmp_path / f"{kind}.onnx"), tmp_path / "given.npz"


@pytest.mark.parametrize("version", PYTHONS)
def test_every_device_python_has_an_engine_that_gets_it_right(version: str, masked: tuple[Path, Path]) -> None:
    command = [str(python_of(version)), "-B", "-c", ON_A_DEVICE, *map(str, masked)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("core", CORES)
def test_arm64_gets_it_right(core: str, masked: tuple[Path, Path]) -> None:
    done = on_arm64(core, ON_A_DEVICE, *masked)
    assert done.returncode == 0, done.stdout + done.stderr
