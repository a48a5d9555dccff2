"""Complex tensors, which exist between lowerings only: no operator of a program sees one."""

from __future__ import annotations

from dataclasses import dataclass

from packager.lower.program import Var


@dataclass(frozen=True)
class Complex:
    """Two float32 variables of one shape."""

    real: Var
    imaginary: Var
