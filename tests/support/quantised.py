"""Random networks to quantise, and what quantises them: onnxruntime's own Q/DQ quantiser, without ours around it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, helper

from edge.engines.ort import library
from packager.quantise.feeds import Feed, read_feeds
from tests.support.onnx_models import FLOAT, model, value

BETWEEN = ("none", "relu", "relu6")
MICROSOFT = "com.microsoft"


def mobile_network(seed: int, between: Sequence[str], channels: int = 6, *, spread: float = 2.0) -> ModelProto:
    """A block of MobileNetV2 twice, with `between` in turn behind its convolutions, and a linear layer.

    Channels differ in their scale by up to e^±spread. Image (n, 3, 10, 10) to logits (n, 4).
    """
    random = np.random.default_rng(seed)
    weights: dict[str, NDArray[np.generic]] = {"zero": np.array(0, np.float32), "six": np.array(6, np.float32)}
    nodes: list[NodeProto] = []
    name, width = "pixels", 3
    for number, (out, kernel, depthwise) in enumerate([(channels, 3, False), (channels, 3, True), (4, 1, False)] * 2):
        groups = channels if depthwise else 1
        weight = random.normal(size=(out, width // groups, kernel, kernel)) / np.sqrt(width // groups * kernel**2)
        weights[f"w{number}"] = (weight * np.exp(random.uniform(-spread, spread, (out, 1, 1, 1)))).astype(np.float32)
        weights[f"b{number}"] = random.normal(size=out).astype(np.float32)
        inputs = [name, f"w{number}", f"b{number}"]
        pads = {"pads": [kernel // 2] * 4, "group": groups}
        nodes.append(helper.make_node("Conv", inputs, [f"c{number}"], name=f"Conv_{number}", **pads))
        name, width = f"c{number}", out
        kind = between[number % len(between)]
        if kind != "none":
            inputs = [name] if kind == "relu" else [name, "zero", "six"]
            name = f"a{number}"
            nodes.append(
                helper.make_node("Relu" if kind == "relu" else "Clip", inputs, [name], name=f"Between_{number}")
            )
    weights["w"] = random.normal(size=(width, 4)).astype(np.float32)
    weights["b"] = random.normal(size=4).astype(np.float32)
    nodes += [
        helper.make_node("GlobalAveragePool", [name], ["pooled"], name="Pool_0"),
        helper.make_node("Flatten", ["pooled"], ["flat"], name="Flatten_0"),
        helper.make_node("Gemm", ["flat", "w", "b"], ["logits"], name="Gemm_0"),
    ]
    inputs, outputs = [value("pixels", FLOAT, ["n", 3, 10, 10])], [value("logits", FLOAT, ["n", 4])]
    return model(nodes, inputs, outputs, weights)


def images(seed: int, count: int = 8) -> list[Feed]:
    """Feeds of that network, two images each, of different brightness: a mean of noise alone would hardly differ."""
    random = np.random.default_rng(seed)

    def image() -> NDArray[np.float32]:
        return (random.normal(size=(2, 3, 10, 10)) + random.normal(size=(2, 3, 1, 1))).astype(np.float32)

    return [{"pixels": image()} for _ in range(count)]


def quantise_qdq(path: Path, feeds: Path, out: Path, floats: Collection[str] = ()) -> Path:
    """Static int8 with U8 activations and S8 weights."""
    library()  # which reports nothing home
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Reader(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._feeds = iter(read_feeds(feeds))

        def get_next(self) -> Feed | None:
            return next(self._feeds, None)

    quantize_static(
        str(path),
        str(out),
        Reader(),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=list(floats),
    )
    return out


def answers(network: ModelProto | Path, feeds: Iterable[Feed]) -> list[list[NDArray[np.float32]]]:
    """What the real engine makes of each feed, without its optimisations."""
    ort = library()
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    graph = str(network) if isinstance(network, Path) else network.SerializeToString()
    session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    return [session.run(None, dict(feed)) for feed in feeds]


def farthest(network: ModelProto | Path, other: ModelProto | Path, feeds: Sequence[Feed]) -> float:
    """The largest difference of two networks' answers, relative to the largest answer."""
    pairs = list(zip(answers(network, feeds), answers(other, feeds), strict=True))
    apart = max(float(np.abs(a - b).max()) for first, second in pairs for a, b in zip(first, second, strict=True))
    return apart / max(float(np.abs(a).max()) for first, _ in pairs for a in first)


def save(network: ModelProto, path: Path) -> Path:
    """Write it, as a file that a quantiser is given."""
    onnx.save_model(network, path)
    return path
