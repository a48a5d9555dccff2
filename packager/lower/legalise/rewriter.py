"""Replaces operators of a program by others, one rule at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from edge.manifest import Dimension
from packager.capture.graph import Node
from packager.lower.builder import Builder
from packager.lower.program import Op, Program, Var


class Rewriter(Builder):
    """A builder that starts from a program's variables and constants.

    A constant never changes under its name: new values get a new one (the build refers to constants by name).
    """

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.variables = dict(program.variables)
        self.constants = dict(program.constants)

    def start(self, op: Op) -> None:
        """Name the new variables after the operator's first output."""
        name = next(name for names in op.outputs.values() for name in names)
        self.begin(Node(op.type, (), {}, (name,)), ())
        self._made.clear()  # what an abandoned rule made is gone

    def declare(self, dtype: str, shape: Sequence[Dimension]) -> Var:
        """A new variable; names that an earlier pass took are skipped."""
        while f"{self._prefix}.{self._count}" in self.variables:
            self._count += 1
        return super().declare(dtype, shape)

    def input(self, op: Op, slot: str) -> Var:
        """The variable in a slot that holds one."""
        return self.variables[op.inputs[slot][0]]

    def output(self, op: Op, slot: str = "Out") -> Var:
        """The variable that the operator writes in a slot."""
        return self.variables[op.outputs[slot][0]]

    def again(self, op: Op, inputs: Mapping[str, Var] | None = None, attrs: Mapping[str, object] | None = None) -> Var:
        """An operator of one output again, with some input slots and attributes replaced."""
        slots = {slot: tuple(self.variables[name] for name in names) for slot, names in op.inputs.items()}
        merged = dict(op.attrs) | dict(attrs or {})
        (out,) = op.outputs
        like = self.output(op, out)
        return self.emit(op.type, slots | dict(inputs or {}), merged, out=out, dtype=like.dtype, shape=like.shape)


Rule = Callable[[Rewriter, Op], Var | None]


def rewrite(program: Program, types: Sequence[str], rule: Rule) -> Program:
    """The program with each operator of these types replaced by what `rule` emits.

    The rule returns the variable that takes the place of the operator's first output, or None to leave the operator.
    """
    rewriter = Rewriter(program)
    for op in program.ops:
        before = len(rewriter.ops)
        result = None
        if op.type in types:
            rewriter.start(op)
            result = rule(rewriter, op)
        if result is None:
            rewriter.ops[before:] = [op]
            continue
        (target,) = next(iter(op.outputs.values()))
        if not any(result.name in names for new in rewriter.ops[before:] for names in new.outputs.values()):
            result = rewriter.emit("assign", {"X": result})
        rewriter.ops[before:] = [renamed(new, {result.name: target}) for new in rewriter.ops[before:]]
        rewriter.variables[target] = replace(rewriter.variables[target], dtype=result.dtype)
        del rewriter.variables[result.name]
    ops, variables, constants = tuple(rewriter.ops), rewriter.variables, rewriter.constants
    return replace(program, ops=ops, variables=variables, constants=constants)


def renamed(op: Op, names: Mapping[str, str]) -> Op:
    """The operator with variables renamed."""
    inputs, outputs = (
        {slot: tuple(names.get(name, name) for name in given) for slot, given in slots.items()}
        for slots in (op.inputs, op.outputs)
    )
    return replace(op, inputs=inputs, outputs=outputs)
