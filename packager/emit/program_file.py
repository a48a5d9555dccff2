"""A Program on disk, between the processes of the build.

A folder with `program.json` (operators, variables, specs, and where each constant is) and `program.safetensors` (the
constants that are not already in the capture's file). Constants are read back as views of mapped pages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.manifest import TensorSpec
from packager.emit.constants import DTYPES, MappedConstants
from packager.lower.program import Op, Program, Var

PROGRAM_FILE = "program.json"
ARRAYS_FILE = "program.safetensors"
CHUNK_BYTES = 1 << 24

_CODES = {name: code for code, name in DTYPES.items()}


class LinkedConstants(Mapping[str, NDArray[np.generic]]):
    """Constants by variable name, each in a file under its own name."""

    def __init__(self, places: Mapping[str, str], variables: Mapping[str, Var]) -> None:
        self._places = places
        self._variables = variables
        self._files = {file: MappedConstants(Path(file)) for file in places.values()}

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        # The capture's file may hold a 0-d array where the program has one of shape [1].
        return self._files[self._places[name]][name].reshape(self._variables[name].shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def write_program(program: Program, folder: Path, constants_file: Path | None = None) -> Path:
    """Write the program into `folder` and return the path of its `program.json`.

    Constants that `constants_file` holds under the same name, with the same bytes, are referred to there.
    """
    kept = MappedConstants(constants_file) if constants_file else {}
    arrays = folder / ARRAYS_FILE
    places = {
        name: str(constants_file if name in kept and _equal(kept[name], program.constants[name]) else arrays)
        for name in sorted(program.constants)
    }
    own = {name: program.constants[name] for name, file in places.items() if file == str(arrays)}
    write_safetensors(arrays, own)
    data = {
        "inputs": [spec.to_json() for spec in program.inputs],
        "outputs": [spec.to_json() for spec in program.outputs],
        "variables": [[var.name, var.dtype, var.shape] for var in program.variables.values()],
        "constants": places,
        "ops": [[op.type, op.inputs, op.outputs, op.attrs] for op in program.ops],
    }
    path = folder / PROGRAM_FILE
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def read_program(path: Path) -> Program:
    """Read what `write_program` wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    variables = {name: Var(name, dtype, tuple(shape)) for name, dtype, shape in data["variables"]}
    return Program(
        inputs=tuple(TensorSpec.from_json(spec) for spec in data["inputs"]),
        outputs=tuple(TensorSpec.from_json(spec) for spec in data["outputs"]),
        variables=variables,
        constants=LinkedConstants(data["constants"], variables),
        ops=tuple(
            Op(kind, _slots(inputs), _slots(outputs), {key: _attribute(value) for key, value in attrs.items()})
            for kind, inputs, outputs, attrs in data["ops"]
        ),
    )


def write_safetensors(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write arrays one after another; the largest one bounds the memory."""
    header: dict[str, Any] = {}
    offset = 0
    for key, array in arrays.items():
        end = offset + array.nbytes
        header[key] = {"dtype": _CODES[str(array.dtype)], "shape": array.shape, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # the arrays start aligned
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")


def _equal(one: NDArray[np.generic], other: NDArray[np.generic]) -> bool:
    """Whether both are the same bytes; compared piece by piece."""
    if one.dtype != other.dtype or one.size != other.size:
        return False
    first, second = (np.ascontiguousarray(array).reshape(-1).view(np.uint8) for array in (one, other))
    pieces = [slice(at, at + CHUNK_BYTES) for at in range(0, first.size, CHUNK_BYTES)]
    return all(np.array_equal(first[piece], second[piece]) for piece in pieces)


def _slots(slots: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {slot: tuple(names) for slot, names in slots.items()}


def _attribute(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
