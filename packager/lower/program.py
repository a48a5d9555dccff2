"""A Paddle program as plain data: what the lowerings emit, the legalisation passes rewrite, and `emit` serialises.

It mirrors Paddle's legacy ProgramDesc with one block (paddle/fluid/framework/framework.proto): operators with named
slots, each slot a list of variable names. It imports neither torch nor paddle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.manifest import Dimension, TensorSpec

Attribute = bool | int | float | str | tuple[int, ...] | tuple[float, ...] | tuple[str, ...]


@dataclass(frozen=True)
class Var:
    """A variable: name, numpy dtype name and shape; a symbol or an unknown size is a string or -1."""

    name: str
    dtype: str
    shape: tuple[Dimension, ...]

    @property
    def rank(self) -> int:
        """Number of axes; 0-d tensors have one."""
        return len(self.shape)


@dataclass(frozen=True)
class Op:
    """One operator: Paddle's type, input and output slots, attributes."""

    type: str
    inputs: Mapping[str, tuple[str, ...]]
    outputs: Mapping[str, tuple[str, ...]]
    attrs: Mapping[str, Any]


@dataclass(frozen=True)
class Program:
    """Operators in execution order over named variables.

    `inputs` and `outputs` are variables whose names are the public ones. `constants` holds the persistable arrays; it
    may be lazy (a view of a file), so read an array only where it is used.
    """

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    variables: Mapping[str, Var]
    constants: Mapping[str, NDArray[np.generic]]
    ops: tuple[Op, ...]
