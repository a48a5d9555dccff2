"""A bundle whose convolutions say which channel of an image is brightest: what is quantised can be judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from onnx import NodeProto, helper

from edge.bundle import open_bundle
from edge.engines import open_session
from edge.manifest import FORMAT, Hop, Licence, Manifest, Requires, SourceEntry, Step, TensorSpec
from packager.bundle import write_bundle
from packager.golden import golden_files
from packager.parity.reference import Sample
from tests.support.models import COLOURS, _model, _stage

WIDTH = 24


def colour_network(out: Path, *, spoilt: bool = False) -> Path:
    """Three convolutions and a linear layer on 32 x 32 pixels.

    A `spoilt` one has a channel of a million times the others in its middle, so that eight bits leave nothing of them.
    """
    stage = _stage(
        (TensorSpec(name="pixel_values", dtype="float32", shape=("batch", 3, 32, 32)),),
        (TensorSpec(name="logits", dtype="float32", shape=("batch", 3)),),
        [
            Step(kind="decode", options={}),
            Step(kind="resize", options={"filter": "bilinear", "height": 32, "width": 32}),
            Step(kind="rescale", options={"factor": 1 / 255}),
        ],
        [
            Step(kind="select", options={"output": "logits"}),
            Step(kind="softmax", options={}),
            Step(kind="labels", options={"file": "labels.txt"}),
            Step(kind="top_k", options={"k": 2}),
        ],
        name="network",
    )
    random = np.random.default_rng(0)
    weights: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]] = {}
    nodes: list[NodeProto] = []
    name, channels = "pixel_values", 3
    for number in range(3):
        kernel = 0.02 * random.standard_normal((WIDTH, channels, 3, 3))
        for row in range(WIDTH):  # each channel goes on by itself
            kernel[row, [column for column in range(channels) if column % 3 == row % 3], 1, 1] += 3 / channels
        if spoilt and number == 1:
            kernel[0] *= 1e6
        if spoilt and number == 2:
            kernel[:, 0] *= 1e-6
        weights |= {f"w{number}": kernel.astype(np.float32), f"b{number}": np.zeros(WIDTH, np.float32)}
        inputs = [name, f"w{number}", f"b{number}"]
        nodes.append(helper.make_node("Conv", inputs, [f"c{number}"], name=f"Conv_{number}", pads=[1] * 4))
        nodes.append(helper.make_node("Relu", [f"c{number}"], [f"r{number}"], name=f"Relu_{number}"))
        name, channels = f"r{number}", WIDTH
    weights["w"] = np.array([[8.0 * (row % 3 == label) for label in range(3)] for row in range(WIDTH)], np.float32)
    weights["b"] = np.zeros(3, np.float32)
    nodes += [
        helper.make_node("GlobalAveragePool", [name], ["pooled"], name="Pool_0"),
        helper.make_node("Flatten", ["pooled"], ["flat"], name="Flatten_0"),
        helper.make_node("Gemm", ["flat", "w", "b"], ["logits"], name="Gemm_0"),
    ]
    network = out.parent / "network.onnx"
    network.write_bytes(_model(stage, nodes, weights))
    samples = []
    session = open_session("onnxruntime", network, inputs=stage.inputs, outputs=stage.outputs, threads=1)
    for number, batch in enumerate((1, 3)):
        feed = {"pixel_values": random.random((batch, 3, 32, 32), np.float32)}
        samples.append(Sample(f"{number:03}", feed, session.run(feed), {}, {}))
    session.close()
    golden = golden_files(samples)
    hop = Hop(
        hop="onnxruntime", output="logits", max_abs=0.0, max_relative=0.0, cosine=1.0, top1=1.0, tolerance=1e-3,
        samples=2, batches=(1, 3),
    )  # fmt: skip
    manifest = Manifest(
        format=FORMAT,
        name=out.stem,
        serial=1,
        task="image-classification",
        requires=Requires(),
        source=SourceEntry(
            kind="folder",
            repository="test",
            revision="0" * 40,
            licence=Licence(id="Apache-2.0", origin="accepted"),
            files=(),
        ),
        tools={},
        stages=(replace(stage, parity=(hop,), golden=tuple(golden)),),
        files=(),
    )
    labels = "".join(f"{colour}\n" for colour in COLOURS).encode()
    write_bundle(out, manifest, {"network.onnx": network, "labels.txt": labels, **golden})
    network.unlink()
    return open_bundle(out).path
