"""Lowerings, rules and conversions that are wrong on purpose are found, each at its first node."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx
import pytest

from edge.cli.application import run
from edge.errors import InputError
from packager.blame import Finding, blame, find, hops
from packager.capture import Captured, capture
from packager.capture.graph import Node
from packager.cli import group
from packager.emit.to_onnx import OnnxModel, to_onnx
from packager.errors import ParityError
from packager.lower.builder import Builder
from packager.lower.legalise import PASSES
from packager.lower.program import Op, Program, Var
from packager.lower.registry import lookup, lowerings
from packager.order import Order
from tests.support.architectures import write_architecture
from tests.support.checkpoints import write_bert

ORT = Order(engines=("onnxruntime",), threads=1)
LICENCE = ("MIT",)
LAYER = "bert.encoder.layer.0"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Captured]:
    """The folder and capture of a BERT of two layers: of the last one, ONNX Runtime computes one token only."""
    folder = write_bert(tmp_path_factory.mktemp("model") / "bert", num_hidden_layers=2)
    return folder, capture(folder, folder=tmp_path_factory.mktemp("capture"), engines=("onnxruntime", "paddlelite"))


@pytest.fixture
def source(model: tuple[Path, Captured], monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder, captured once for all tests: what they make wrong comes later."""
    folder, captured = model
    monkeypatch.setattr(find, "capture", lambda _source, **_: captured)
    return str(folder)


def nodes(model: tuple[Path, Captured], op: str) -> list[Node]:
    return [node for node in model[1].graph.nodes if node.op == op]


def wrong(op: str, change: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the operator by `change(right, builder, *arguments)`, for all who look it up."""
    right = lookup(op)

    def lowering(b: Builder, *args: Any, **kwargs: Any) -> Any:
        return change(right.function, b, *args, **kwargs)

    monkeypatch.setitem(lowerings(), op, replace(right, function=lowering))


def without_wide_bias(right: Any, b: Builder, x: Var, weight: Var, bias: Var | None = None) -> Var:
    """No bias where there are 64 features, between the two layers of the feed-forward network."""
    made: Var = right(b, x, weight, None if b.result.shape[-1] == 64 else bias)
    return made


def other_gelu(right: Any, b: Builder, x: Var) -> Any:
    return right(b, x, "tanh")


def other_axis(right: Any, b: Builder, x: Var, axis: int, half: bool) -> Any:
    del axis
    return right(b, x, -2, half)


def rough_norm(right: Any, b: Builder, x: Var, shape: Any, scale: Var, bias: Var, epsilon: float, *rest: Any) -> Any:
    return right(b, x, shape, scale, bias, 1e-3 + epsilon, *rest)


WRONG: dict[str, tuple[str, Callable[..., Any], str, str]] = {
    "dropped bias": ("aten.linear.default", without_wide_bias, f"{LAYER}.intermediate.dense", "matmul_v2"),
    # All three norms are, and the last is off by more than the first.
    "wrong epsilon": ("aten.layer_norm.default", rough_norm, "bert.embeddings.LayerNorm", "layer_norm"),
    "wrong gelu": ("aten.gelu.default", other_gelu, f"{LAYER}.intermediate.intermediate_act_fn", "gelu"),
    "swapped axis": ("aten._softmax.default", other_axis, f"{LAYER}.attention.self", "softmax"),
}
MORE = ("wrong gelu", "swapped axis")


@pytest.mark.parametrize("what", [pytest.param(one, marks=[pytest.mark.full] * (one in MORE)) for one in WRONG])
def test_a_wrong_lowering_is_found_at_its_first_node(
    what: str, source: str, model: tuple[Path, Captured], monkeypatch: pytest.MonkeyPatch
) -> None:
    op, change, layer, paddle = WRONG[what]
    wrong(op, change, monkeypatch)
    found = blame(source, ORT, allow_licences=LICENCE)
    assert found is not None
    assert (found.hop, found.stage, found.operator) == ("paddle for onnxruntime", "the lowering", op)
    assert (found.layer, found.merged) == (layer, ())
    assert paddle in found.paddle
    (node,) = [one for one in nodes(model, op) if one.outputs == (found.node,)]
    assert node == nodes(model, op)[0] or what == "dropped bias"
    assert found.error is not None
    assert found.error > 2 * found.tolerance
    graph = model[1].graph
    assert found.output.shape == graph.values[found.node].shape
    assert [(spec.name, spec.shape) for spec in found.inputs] == [(n, graph.values[n].shape) for n in node.inputs]


def other_rule(program: Program) -> Program:
    """A pass that makes every layer norm rougher."""

    def changed(op: Op) -> Op:
        return replace(op, attrs={**op.attrs, "epsilon": 1e-3}) if op.type == "layer_norm" else op

    return replace(program, ops=tuple(map(changed, program.ops)))


def test_a_wrong_rule_for_one_engine_is_found_in_its_hop_only(
    source: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(PASSES, "paddlelite", (*PASSES["paddlelite"], other_rule))
    code = run(group, "packager", ["blame", source, "--engine", "paddlelite", "--allow-licence", "MIT", "--json"])
    found = Finding.from_json(json.loads(capsys.readouterr().out)["found"])
    assert (code, found.hop) == (1, "paddle for paddlelite")
    assert (found.stage, found.operator) == ("the legalisation for paddlelite", "aten.layer_norm.default")
    assert found.layer == "bert.embeddings.LayerNorm"
    code = run(group, "packager", ["blame", source, "--engine", "onnxruntime", "--allow-licence", "MIT"])
    assert (code, capsys.readouterr().out) == (0, f"{source}: every hop is within its tolerance, nothing is to blame\n")


def with_tanh_for_erf(*args: Any, **kwargs: Any) -> OnnxModel:
    made = to_onnx(*args, **kwargs)
    network = onnx.load(made.file)
    for node in network.graph.node:
        if node.op_type == "Erf":
            node.op_type = "Tanh"
    onnx.save(network, made.file)
    return made


@pytest.mark.full
def test_a_wrong_conversion_is_found_by_running_parts_of_the_network(
    source: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hops, "to_onnx", with_tanh_for_erf)
    code = run(group, "packager", ["blame", source, "--engine", "onnxruntime", "--allow-licence", "MIT"])
    first, *lines = capsys.readouterr().out.splitlines()
    assert (code, first) == (1, "onnxruntime: the first node that drifts is gelu")
    told = {name.strip(): value.strip() for name, value in ((line[:18], line[18:]) for line in lines)}
    assert told["ATen operator"] == "aten.gelu.default"
    assert told["Paddle operators"] == "gelu"
    assert told["layer"] == f"{LAYER}.intermediate.intermediate_act_fn"
    assert told["output"] == "gelu float32 [batch, sequence, 64]"
    assert told["made wrong by"] == "paddle2onnx or ONNX Runtime"


@pytest.mark.full
def test_a_wrong_capture_is_told_apart(
    model: tuple[Path, Captured], source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = model[1].graph
    at = graph.nodes.index(nodes(model, "aten.tanh.default")[0])
    changed = replace(graph.nodes[at], op="aten.sigmoid.default")
    spoilt = replace(graph, nodes=(*graph.nodes[:at], changed, *graph.nodes[at + 1 :]))
    folder = shutil.copytree(model[1].folder, tmp_path / "capture")
    spoilt.write(folder)
    monkeypatch.setattr(find, "capture", lambda _source, **_: replace(model[1], folder=folder, graph=spoilt))
    with pytest.raises(ParityError, match="captured graph: the output 'logits' is off by"):
        blame(source, ORT, allow_licences=LICENCE)


def _with_equal_biases(network: Any) -> None:
    import torch

    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.bias.data = norms[0].bias.data[:1].expand(norm.num_features).clone()


@pytest.mark.full
def test_what_an_engine_gets_wrong_by_a_fusion_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paddle Lite folds two norms with one bias into their convolutions; with an output between them it does not."""
    passes = tuple(one for one in PASSES["paddlelite"] if one.__name__ != "own_constants")
    monkeypatch.setitem(PASSES, "paddlelite", passes)
    folder = write_architecture("resnet", tmp_path / "resnet", _with_equal_biases)
    found = blame(str(folder), Order(engines=("paddlelite",), threads=1), allow_licences=LICENCE)
    assert found is not None
    assert (found.hop, found.stage) == ("paddlelite", "Paddle Lite")
    assert "batch_norm" in found.paddle


def test_a_network_that_is_not_captured_has_no_nodes(tmp_path: Path) -> None:
    for name in ("inference.pdmodel", "inference.pdiparams"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError, match="has no nodes to blame"):
        blame(str(tmp_path), ORT, allow_licences=LICENCE)
