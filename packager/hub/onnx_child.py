"""The child that parses an `.onnx` file: what it claims is checked here before any engine loads it."""

from __future__ import annotations

import resource
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edge.errors import EnvironmentLackError
from packager.emit.onnx_limits import IRS, OLDEST_OPSET, OPSETS
from packager.errors import SourceError, UnsupportedModelError

if TYPE_CHECKING:
    from onnx import ModelProto

# A protobuf message ends there; larger models keep their weights in files beside them.
LARGEST_FILE = 2**31 - 1
REMEDY = "export or download the model again"
LICENCE_KEYS = ("license", "licence")
LONGEST_LICENCE = 200
MOST_CHARACTERS = 1 << 20
# ONNX's own operators, and those that every build of ONNX Runtime has beside them.
DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"model", "memory_limit"}`: the files with weights, or with `"whole"` the checked header; see `onnx_file`."""
    if request["memory_limit"]:
        resource.setrlimit(resource.RLIMIT_DATA, (request["memory_limit"], request["memory_limit"]))
    path = Path(request["model"])
    warnings.simplefilter("ignore")
    try:
        model = _parse(path)
        return _described(model, path) if request["whole"] else _named(model, path)
    except MemoryError as error:
        raise EnvironmentLackError(f"{path.name} does not fit into memory", remedy="use a smaller model") from error


def _parse(path: Path) -> ModelProto:
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from onnx import ModelProto

    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise SourceError(
            f"{path.name} has {size} bytes, more than an ONNX file can have",
            remedy="save it with its weights as external data",
        )
    model = ModelProto()
    try:
        model.ParseFromString(path.read_bytes())
    except DecodeError as error:
        raise SourceError(f"{path.name} is not an ONNX model, or is cut off", remedy=REMEDY) from error
    if not model.HasField("graph") or not model.graph.node:
        raise SourceError(f"{path.name} is not an ONNX model: it has no graph", remedy=REMEDY)
    return model


def _named(model: ModelProto, path: Path) -> dict[str, Any]:
    from packager.hub.onnx_tensors import external_files

    stated = {entry.key.lower(): entry.value for entry in model.metadata_props}
    licence = next((stated[key] for key in LICENCE_KEYS if stated.get(key)), "")
    return {
        "data": external_files(model, path.name),
        "licence": licence[:LONGEST_LICENCE],
        "characters": stated.get("character", "")[:MOST_CHARACTERS],
    }


def _described(model: ModelProto, path: Path) -> dict[str, Any]:
    from packager.hub.onnx_signature import index_limits, inputs, outputs
    from packager.hub.onnx_tensors import check_sizes

    opset = _check_versions(model, path.name)
    check_sizes(model, path.parent, path.name)
    _check_rules(path)
    specs = {"inputs": inputs(model.graph), "outputs": outputs(model.graph)}
    if not specs["inputs"] or not specs["outputs"]:
        raise UnsupportedModelError(f"{path.name} has no {'outputs' if specs['inputs'] else 'inputs'}", remedy=REMEDY)
    return {
        **{side: [spec.to_json() for spec in found] for side, found in specs.items()},
        "limits": index_limits(model.graph),
        "opset": opset,
        "ir": model.ir_version,
    }


def _check_versions(model: ModelProto, label: str) -> int:
    from packager.hub.onnx_tensors import nodes

    sets = {entry.domain: entry.version for entry in model.opset_import}
    opset = int(sets.get("", sets.get("ai.onnx", 0)))
    if not OLDEST_OPSET <= opset <= max(OPSETS):
        raise UnsupportedModelError(
            f"{label} has operator set {opset}, ONNX Runtime takes {OLDEST_OPSET} to {max(OPSETS)}",
            remedy="export it with another one, or convert it with onnx.version_converter",
        )
    if model.ir_version > max(IRS):
        raise UnsupportedModelError(
            f"{label} has IR version {model.ir_version}, ONNX Runtime takes up to {max(IRS)}",
            remedy="export it with an older onnx",
        )
    own = {function.domain for function in model.functions}
    strangers = sorted({node.domain for node in nodes(model)} - DOMAINS - own)
    if strangers:
        raise UnsupportedModelError(
            f"{label} has operators of {strangers[0]!r}, which ONNX Runtime does not have on every device",
            remedy="export it without operators of its own",
        )
    return opset


def _check_rules(path: Path) -> None:
    """ONNX's own checker, from the file: it follows external data, and stays inside of the folder."""
    import onnx

    try:
        onnx.checker.check_model(str(path))
    except onnx.checker.ValidationError as error:
        first = str(error).strip().partition("\n")[0]
        raise SourceError(f"{path.name} breaks ONNX's rules: {first[:300]}", remedy=REMEDY) from error
