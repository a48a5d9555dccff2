"""Made the fixture of bundle format 1: `python -m tests.support.format_1 FOLDER`.

The fixture was written once and is read for ever; this says how. Its network takes x (batch, 4) and the whole numbers
ids and mask (batch, length), and gives y = x · W and s = ids × mask as floats.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from edge.manifest import (
    FORMAT,
    Artifact,
    Hop,
    Licence,
    Manifest,
    Requires,
    SourceEntry,
    Stage,
    TensorSpec,
)
from packager.bundle import write_bundle
from packager.emit.to_lite import Place, to_lite
from packager.emit.to_paddle import PaddleModel
from packager.golden import golden_files
from packager.lower.program import Op, Program, Var
from packager.parity.reference import Sample

WEIGHT = np.arange(12, dtype=np.float32).reshape(4, 3) / 4
INPUTS = (
    TensorSpec(name="x", dtype="float32", shape=("batch", 4)),
    TensorSpec(name="ids", dtype="int64", shape=("batch", "length")),
    TensorSpec(name="mask", dtype="int64", shape=("batch", "length")),
)
OUTPUTS = (
    TensorSpec(name="y", dtype="float32", shape=("batch", 3)),
    TensorSpec(name="s", dtype="float32", shape=("batch", "length")),
)


def onnx_model() -> bytes:
    """A few hundred bytes of ONNX."""
    kinds = {"float32": TensorProto.FLOAT, "int64": TensorProto.INT64}
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "weight"], ["y"]),
            helper.make_node("Mul", ["ids", "mask"], ["product"]),
            helper.make_node("Cast", ["product"], ["s"], to=TensorProto.FLOAT),
        ],
        "format-1",
        [helper.make_tensor_value_info(spec.name, kinds[spec.dtype], spec.shape) for spec in INPUTS],
        [helper.make_tensor_value_info(spec.name, kinds[spec.dtype], spec.shape) for spec in OUTPUTS],
        [numpy_helper.from_array(WEIGHT, "weight")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def lite_model(place: Place) -> bytes:
    """The same network for Paddle Lite, a few kilobytes."""
    from tests.support.engines import save

    names = {"ids": "int64", "mask": "int64", "floats": "float32", "weights": "float32", "s": "float32"}
    variables = {name: Var(name, dtype, (-1, -1)) for name, dtype in names.items()}
    variables |= {"x": Var("x", "float32", (-1, 4)), "y": Var("y", "float32", (-1, 3))}
    variables["weight"] = Var("weight", "float32", WEIGHT.shape)
    cast = {"in_dtype": 3, "out_dtype": 5}
    program = Program(
        inputs=INPUTS,
        outputs=OUTPUTS,
        variables=variables,
        constants={"weight": WEIGHT},
        ops=(
            Op("mul", {"X": ("x",), "Y": ("weight",)}, {"Out": ("y",)}, {"x_num_col_dims": 1, "y_num_col_dims": 1}),
            Op("cast", {"X": ("ids",)}, {"Out": ("floats",)}, cast),
            Op("cast", {"X": ("mask",)}, {"Out": ("weights",)}, cast),
            Op("elementwise_mul", {"X": ("floats",), "Y": ("weights",)}, {"Out": ("s",)}, {"axis": -1}),
        ),
    )
    with tempfile.TemporaryDirectory() as folder:
        model, params = save(program, Path(folder))
        return to_lite(PaddleModel(model, params), Path(folder), name="network", place=place).file.read_bytes()


def sample(batch: int) -> Sample:
    """Seeded inputs with what numpy makes of them."""
    chance = np.random.default_rng(batch)
    inputs: dict[str, NDArray[Any]] = {
        "x": chance.standard_normal((batch, 4), dtype=np.float32),
        "ids": chance.integers(0, 99, (batch, batch + 2)),
        "mask": chance.integers(0, 2, (batch, batch + 2)),
    }
    expected = {"y": inputs["x"] @ WEIGHT, "s": (inputs["ids"] * inputs["mask"]).astype(np.float32)}
    return Sample(key=str(batch), inputs=inputs, expected=expected, precise={}, valid={})


def manifest(golden: tuple[str, ...]) -> Manifest:
    """What the fixture's `bundle.json` says, but for its files."""
    hops = tuple(
        Hop(
            hop=hop,
            output=output,
            max_abs=0.0,
            max_relative=0.0,
            cosine=1.0,
            top1=-1.0,
            tolerance=1e-5,
            samples=2,
            batches=(1, 3),
        )
        for hop in ("onnxruntime", "paddlelite")
        for output in ("y", "s")
    )
    stage = Stage(
        name="network",
        inputs=INPUTS,
        outputs=OUTPUTS,
        preprocess=(),
        postprocess=(),
        artifacts=(
            Artifact(engine="onnxruntime", file="network.onnx", precision="fp32", opset=17, ir=8),
            Artifact(engine="paddlelite", file="network.arm.nb", precision="fp32", place="arm"),
            Artifact(engine="paddlelite", file="network.x86.nb", precision="fp32", place="x86"),
        ),
        parity=hops,
        golden=golden,
    )
    return Manifest(
        format=FORMAT,
        name="format-1",
        serial=1,
        task="tensors",
        requires=Requires(
            machines=("aarch64", "x86_64"),
            memory_bytes=64 << 20,
            engines={"onnxruntime": ">=1.16,<2", "paddlelite": ">=2.13,<3"},
        ),
        source=SourceEntry(
            kind="folder",
            repository="format-1",
            revision="0" * 40,
            licence=Licence(id="Apache-2.0", origin="accepted"),
            files=(),
        ),
        tools={"edgepack": "0.1.0"},
        stages=(stage,),
        files=(),
    )


def make(out: Path) -> None:
    """Write the fixture."""
    golden = golden_files([sample(1), sample(3)])
    files: dict[str, Path | bytes] = {
        "network.onnx": onnx_model(),
        "network.arm.nb": lite_model("arm"),
        "network.x86.nb": lite_model("x86"),
        "LICENSE": b"SPDX-License-Identifier: Apache-2.0\n",
        **golden,
    }
    write_bundle(out, manifest(tuple(sorted(golden))), files)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
