"""A Program on disk, on its way to the process that has Paddle: all but the values of its constants.

Those go straight into the `.pdiparams` (see paddle_params).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.manifest import TensorSpec
from packager.lower.program import Op, Program, Var


def write_program(program: Program, path: Path) -> None:
    """Write operators, variables, specs and the names of constants as JSON."""
    data = {
        "inputs": [spec.to_json() for spec in program.inputs],
        "outputs": [spec.to_json() for spec in program.outputs],
        "variables": [[var.name, var.dtype, var.shape] for var in program.variables.values()],
        "constants": sorted(program.constants),
        "ops": [[op.type, op.inputs, op.outputs, op.attrs] for op in program.ops],
    }
    path.write_text(json.dumps(data), encoding="utf-8")


def read_program(path: Path) -> Program:
    """Read what `write_program` wrote; the constants have their dtypes and shapes, and are 0 throughout."""
    data = json.loads(path.read_text(encoding="utf-8"))
    variables = {name: Var(name, dtype, tuple(shape)) for name, dtype, shape in data["variables"]}
    return Program(
        inputs=tuple(TensorSpec.from_json(spec) for spec in data["inputs"]),
        outputs=tuple(TensorSpec.from_json(spec) for spec in data["outputs"]),
        variables=variables,
        constants={name: _zeros(variables[name]) for name in data["constants"]},
        ops=tuple(
            Op(kind, _slots(inputs), _slots(outputs), {key: _attribute(value) for key, value in attrs.items()})
            for kind, inputs, outputs, attrs in data["ops"]
        ),
    )


def _zeros(var: Var) -> NDArray[np.generic]:
    """One number in memory, whatever the shape."""
    return np.broadcast_to(np.zeros((), var.dtype), var.shape)  # type: ignore[arg-type]


def _slots(slots: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {slot: tuple(names) for slot, names in slots.items()}


def _attribute(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
