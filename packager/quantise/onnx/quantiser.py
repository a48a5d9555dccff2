"""Quantises a stage's ONNX artifact, in a child."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from edge.errors import InputError
from edge.manifest import Artifact
from edge.versions import release
from packager.emit.onnx_limits import DATA_SUFFIX, minimum_engine
from packager.quantise.onnx.blocks import ENGINE as BLOCKS_SINCE
from packager.quantise.scheme import STATIC, Fp32, Quantised, Scheme
from packager.worker import run_worker

ENGINE = "onnxruntime"


def quantise(fp32: Fp32, scheme: Scheme, feeds: Path | None, scratch: Path) -> Quantised:
    """`STAGE.PRECISION.onnx` in `scratch`, with its record.

    Raises InputError where static int8 has no feeds, or the stage no ONNX artifact; UnsupportedModelError and ToolError
    where the network cannot be quantised so.
    """
    if fp32.onnx is None:
        raise InputError(
            f"the stage {fp32.stage.name} has no ONNX artifact", remedy="build the bundle with --engine onnxruntime"
        )
    if feeds is None and (scheme.precision == STATIC or scheme.steps):
        raise InputError(
            "static int8 needs inputs to take ranges from; noise would give wrong ones",
            remedy="give --calibration a folder of images, a text file, or an .npz of tensors",
        )
    before = next(one for one in fp32.stage.artifacts if one.engine == ENGINE)
    out = scratch / f"{Path(before.file).stem}.{scheme.precision}.onnx"
    request = {
        "model": str(fp32.onnx.resolve()),
        "feeds": str(feeds.resolve()) if feeds else "",
        "out": str(out.resolve()),
        "scheme": asdict(scheme),
    }
    with tempfile.TemporaryDirectory(prefix="quantise-", dir=scratch) as folder:
        told = run_worker("packager.quantise.onnx.worker", request, isolated=True, cwd=Path(folder))
    oldest = minimum_engine(told["opset"], told["ir"])
    if "MatMulNBits" in told["kinds"]:
        oldest = max(oldest, BLOCKS_SINCE, key=release)
    artifact = Artifact(
        engine=ENGINE,
        file=out.name,
        precision=scheme.precision,
        opset=told["opset"],
        ir=told["ir"],
        minimum_engine=max(oldest, before.minimum_engine or oldest, key=release),
    )
    data = out.with_name(f"{out.name}{DATA_SUFFIX}")
    files = {path.name: path for path in (out, data) if path.exists()}
    return Quantised((artifact,), files, {name: version(name) for name in ("onnx", "onnxruntime")})
