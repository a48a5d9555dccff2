"""Hand-made programs for tests of what comes after the lowerings."""

from __future__ import annotations

from dataclasses import replace

from edge.manifest import Dimension, TensorSpec
from packager.capture.graph import Node
from packager.lower.builder import Builder
from packager.lower.program import Program, Var
from packager.lower.prune import prune


class ProgramMaker(Builder):
    """A builder with inputs; `program(y=var)` finishes it."""

    def __init__(self) -> None:
        super().__init__()
        self._inputs: list[TensorSpec] = []
        self.begin(Node("test", (), {}, ("v",)), ())

    def input(self, name: str, dtype: str, shape: tuple[Dimension, ...]) -> Var:
        self._inputs.append(TensorSpec(name=name, dtype=dtype, shape=shape))
        self.variables[name] = Var(name, dtype, shape)
        return self.variables[name]

    def program(self, **outputs: Var) -> Program:
        names = {var.name: name for name, var in outputs.items()}
        ops = tuple(
            replace(
                op,
                inputs={slot: tuple(names.get(n, n) for n in given) for slot, given in op.inputs.items()},
                outputs={slot: tuple(names.get(n, n) for n in given) for slot, given in op.outputs.items()},
            )
            for op in self.ops
        )
        variables = {names.get(n, n): replace(var, name=names.get(n, n)) for n, var in self.variables.items()}
        specs = tuple(TensorSpec(name=name, dtype=var.dtype, shape=var.shape) for name, var in outputs.items())
        return prune(Program(tuple(self._inputs), specs, variables, self.constants, ops))
