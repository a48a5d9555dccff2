"""Reads what a Paddle 3 program (`.json`, paddle/fluid/pir/serialize_deserialize) says of its inputs and outputs.

The program's first block lists operators; `1.data` are inputs with the attributes name, shape and dtype, `1.fetch` are
outputs with name and column, whose type is that of their result.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.manifest import Dimension, TensorSpec
from packager.errors import SourceError
from packager.hub.reading import read_object

LARGEST = 256 << 20
REMEDY = "export or fetch the model again"
DTYPES = {
    "t_f64": "float64",
    "t_f32": "float32",
    "t_f16": "float16",
    "t_bool": "bool",
    "t_i64": "int64",
    "t_i32": "int32",
    "t_i8": "int8",
    "t_ui8": "uint8",
}


@dataclass(frozen=True)
class Signature:
    """A program's inputs and outputs, in their order."""

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]


def read_signature(path: Path) -> Signature:
    """Unknown sizes are symbols: the first axis is `batch`, others are named by their place. Raises SourceError."""
    program = read_object(path, LARGEST)
    try:
        if program["base_code"]["magic"] != "pir":  # type: ignore[index]
            raise KeyError("magic")
        ops = program["program"]["regions"][0]["blocks"][0]["ops"]  # type: ignore[index]
        inputs = [_spec(op) for op in ops if op["#"] == "1.data"]
        fetches = sorted((op for op in ops if op["#"] == "1.fetch"), key=lambda op: int(_attributes(op)["col"]))
        outputs = [_spec(op) for op in fetches]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise SourceError(f"{path.name} is not a Paddle 3 inference model ({error!r})", remedy=REMEDY) from error
    if not inputs or not outputs:
        raise SourceError(f"{path.name} has no {'outputs' if inputs else 'inputs'}", remedy=REMEDY)
    return Signature(tuple(inputs), tuple(outputs))


def _spec(op: Any) -> TensorSpec:
    """The operator's name for the tensor, and the type of its result."""
    kind, sizes = op["O"][0]["TT"]["D"][:2]
    shape: list[Dimension] = [
        int(size) if size >= 0 else "batch" if axis == 0 else f"axis{axis}" for axis, size in enumerate(sizes)
    ]
    dtype = DTYPES[str(kind["#"]).partition(".")[2]]
    return TensorSpec(name=str(_attributes(op)["name"]), dtype=dtype, shape=tuple(shape))


def _attributes(op: Any) -> dict[str, Any]:
    return {attribute["N"]: attribute["AT"]["D"] for attribute in op["A"]}
