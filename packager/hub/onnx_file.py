"""An `.onnx` file as a source: which files belong to it, what it says of itself. It is parsed in a child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.machine import usable_memory
from edge.manifest import TensorSpec
from packager.worker import run_worker

SUFFIX = ".onnx"


@dataclass(frozen=True, kw_only=True)
class OnnxHeader:
    """What a checked file says: its inputs and outputs, operator set and IR version.

    `limits` tells for inputs that pick rows of a table how many rows there are: the vocabulary, for token ids.
    """

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    limits: Mapping[str, int]
    opset: int
    ir: int


def is_onnx(path: Path) -> bool:
    """Whether SOURCE is an ONNX file, by its name."""
    return path.suffix == SUFFIX


def companions(path: Path) -> tuple[list[str], str]:
    """The files beside it that hold its weights, and the licence in its metadata or nothing. Raises SourceError."""
    reply = _ask(path, whole=False)
    return list(reply["data"]), reply["licence"]


def stated_characters(path: Path) -> str:
    """What the metadata of a recogniser of text calls `character`: those it tells apart, one a line; or nothing."""
    return str(_ask(path, whole=False)["characters"])


def read_header(path: Path) -> OnnxHeader:
    """Check the whole file: versions, operators, the size of every weight, ONNX's rules.

    Raises SourceError where it is damaged or lies, UnsupportedModelError where no engine would take it.
    """
    reply = _ask(path, whole=True)
    return OnnxHeader(
        inputs=tuple(TensorSpec.from_json(spec) for spec in reply["inputs"]),
        outputs=tuple(TensorSpec.from_json(spec) for spec in reply["outputs"]),
        limits=reply["limits"],
        opset=reply["opset"],
        ir=reply["ir"],
    )


def _ask(path: Path, *, whole: bool) -> dict[str, Any]:
    request = {"model": str(path.absolute()), "whole": whole, "memory_limit": usable_memory()}
    return run_worker("packager.hub.onnx_child", request, isolated=True)
