"""Removes operators, variables and constants that no output needs."""

from __future__ import annotations

from dataclasses import replace

from packager.lower.program import Op, Program


def prune(program: Program) -> Program:
    """The same program without what nobody reads; side outputs of a kept operator stay."""
    needed = {spec.name for spec in program.outputs}
    kept: list[Op] = []
    for op in reversed(program.ops):
        if any(name in needed for names in op.outputs.values() for name in names):
            kept.append(op)
            needed.update(name for names in op.inputs.values() for name in names)
    used = {name for op in kept for slots in (op.inputs, op.outputs) for names in slots.values() for name in names}
    used |= needed | {spec.name for spec in program.inputs}
    return replace(
        program,
        ops=tuple(reversed(kept)),
        variables={name: var for name, var in program.variables.items() if name in used},
        constants={name: program.constants[name] for name in program.constants if name in used},
    )
