"""Points of a program at which it can be asked whether everything so far is right, and its parts up to there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from edge.manifest import TensorSpec
from packager.lower.program import Op, Program
from packager.lower.prune import prune


@dataclass(frozen=True)
class Boundary:
    """The point where `variable` is computed; `frontier` holds it and all other observed ones that are still read.

    All that follows is computed from the frontier, so everything up to here is right where the frontier is.
    """

    variable: str
    frontier: tuple[str, ...]


def boundaries(program: Program, observed: Collection[str]) -> tuple[Boundary, ...]:
    """A boundary for each of the observed variables that depends on an input, in the order of execution."""
    last_read = {name: at for at, op in enumerate(program.ops) for names in op.inputs.values() for name in names}
    last_read |= {spec.name: len(program.ops) for spec in program.outputs}
    live = {spec.name for spec in program.inputs}
    held: list[str] = []
    found: list[Boundary] = []
    for at, op in enumerate(program.ops):
        if not any(name in live for names in op.inputs.values() for name in names):
            continue
        made = [name for names in op.outputs.values() for name in names]
        live.update(made)
        new = [name for name in made if name in observed]
        held = [name for name in (*held, *new) if last_read.get(name, -1) > at]
        found += [Boundary(name, tuple(dict.fromkeys((*held, name)))) for name in new]
    return tuple(found)


def cut(program: Program, names: Collection[str]) -> Program:
    """The part of the program that computes these variables: they are its outputs, and every input is read."""
    outputs = tuple(_spec(program, name) for name in names)
    part = prune(replace(program, outputs=outputs))
    read = {name for op in part.ops for given in op.inputs.values() for name in given}
    unread = {spec.name for spec in part.inputs} - read
    return replace(
        part,
        inputs=tuple(spec for spec in part.inputs if spec.name in read),
        variables={name: var for name, var in part.variables.items() if name not in unread},
    )


def between(program: Program, variable: str, known: Collection[str]) -> tuple[Op, ...]:
    """The operators that compute the variable from known ones, inputs and constants, in the order of execution."""
    wanted = {variable}
    kept: list[Op] = []
    for op in reversed(program.ops):
        if any(name in wanted for names in op.outputs.values() for name in names):
            kept.append(op)
            wanted.update(name for names in op.inputs.values() for name in names if name not in known)
    return tuple(reversed(kept))


def _spec(program: Program, name: str) -> TensorSpec:
    """Every unknown size has a name of its own."""
    var = program.variables[name]
    shape = tuple(f"{name}_{axis}" if size == -1 else size for axis, size in enumerate(var.shape))
    return TensorSpec(name=name, dtype=var.dtype, shape=shape)
