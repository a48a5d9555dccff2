"""The child that quantises an ONNX file: onnxruntime's quantisers hold several copies of a network, and print."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx

from packager.quantise.feeds import read_feeds
from packager.quantise.improve.bias import correct_bias
from packager.quantise.improve.smooth import smooth
from packager.quantise.onnx.dynamic import quantise_dynamic
from packager.quantise.onnx.half import to_half
from packager.quantise.onnx.static import quantise_static
from packager.quantise.onnx.weights import quantise_weights
from packager.quantise.scheme import DYNAMIC, HALF, STATIC, WEIGHTS, Scheme

WITHOUT_FEEDS = {DYNAMIC: quantise_dynamic, WEIGHTS: quantise_weights, HALF: to_half}


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Quantise `model` to `out` as `scheme` (its fields) says, with the file `feeds` or none; tells opset and IR."""
    fields = {**request["scheme"], **{name: tuple(request["scheme"][name]) for name in ("floats", "steps")}}
    model, out, feeds = Path(request["model"]), Path(request["out"]), request["feeds"] and Path(request["feeds"])
    quantise(model, Scheme(**fields), feeds or None, out)
    made = onnx.load(out, load_external_data=False)
    opset = next(entry.version for entry in made.opset_import if entry.domain in ("", "ai.onnx"))
    return {"opset": opset, "ir": made.ir_version, "kinds": sorted({node.op_type for node in made.graph.node})}


def quantise(model: Path, scheme: Scheme, feeds: Path | None, out: Path) -> None:
    """Prepare the weights as `scheme.steps` say, quantise, and correct biases; `out` is there when all is done."""
    with tempfile.TemporaryDirectory(prefix="quantise-", dir=out.parent) as scratch:
        source = _improved(model, scheme.steps, feeds, Path(scratch))
        if scheme.precision != STATIC:
            WITHOUT_FEEDS[scheme.precision](source, out, floats=scheme.floats)
        elif feeds is not None:
            how = {"activations": scheme.activations, "method": scheme.method}
            quantise_static(source, feeds, out, floats=scheme.floats, **how)
        if "correct-bias" in scheme.steps and feeds is not None:
            correct_bias(source, out, feeds)


def _improved(model: Path, steps: Sequence[str], feeds: Path | None, scratch: Path) -> Path:
    if "smooth" not in steps or feeds is None:
        return model
    network = onnx.load(model)
    smooth(network, read_feeds(feeds))
    out = scratch / model.name
    onnx.save_model(network, out)
    return out
