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
        """The same operator with some input slots and attributes replaced; its first output slot."""
        slots = {slot: tuple(self.variables[name] for name in names) for slot, names in op.inputs.items()}
        changed = slots | {slot: (var,) for slot, var in (inputs or {}).items()}
        out, *side = op.outputs
        like = self.output(op, out)
        merged = dict(op.attrs) | dict(attrs or {})
        return self.emit(op.type, changed, merged, out=out, dtype=like.dtype, shape=like.shape, side=side)


Rule = Callable[[Rewriter, Op], Var | None]


def rewrite(program: Program, types: Sequence[str], rule: Rule) -> Program:
    """The program with each operator of these types replaced by what `rule` emits.

    The rule returns the variable that takes the place of the operator's first output, or None to leave the operator.
    """
    rewriter = Rewriter(program)
    ops: list[Op] = []
    for op in program.ops:
        rewriter.ops = []
        result = None
        if op.type in types:
            rewriter.start(op)
            result = rule(rewriter, op)
        if result is None:
            ops.append(op)
            continue
        (target,) = next(iter(op.outputs.values()))
        if not any(result.name in names for new in rewriter.ops for names in new.outputs.values()):
            result = rewriter.emit("assign", {"X": result})
        ops += [_rename(new, result.name, target) for new in rewriter.ops]
        rewriter.variables[target] = replace(rewriter.variables[target], dtype=result.dtype)
        del rewriter.variables[result.name]
    return replace(program, ops=tuple(ops), variables=rewriter.variables, constants=rewriter.constants)


def _rename(op: Op, old: str, new: str) -> Op:
    def renamed(slots: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {slot: tuple(new if name == old else name for name in names) for slot, names in slots.items()}

    return replace(op, inputs=renamed(op.inputs), outputs=renamed(op.outputs))
