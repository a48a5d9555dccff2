"""A token that alone is read is taken before the last layers, not after them.

Why: a classifier on the first token (ViT, BERT) needs one row of its last block's output, and everything that computes
row by row can be spared the others: two thirds of that block. No engine does this by itself. Ensures: what a slice of
one row is taken from, where nothing else reads it, was not made by an operator that works on each row alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from packager.lower.program import Op, Program, Var

ROWS = 1  # of (batch, rows, features)
UNARY = frozenset({"gelu", "relu", "relu6", "scale", "sigmoid", "silu", "tanh"})
BINARY = frozenset({"elementwise_add", "elementwise_mul", "elementwise_sub"})


def early_rows(program: Program) -> Program:
    """Moves the slice up to where rows are mixed; programs with several such slices keep them."""
    cuts = [op for op in program.ops if _takes_one_row(op, program)]
    if not cuts or any(dict(op.attrs) != dict(cuts[0].attrs) for op in cuts):
        return program
    moved = _only_for(cuts, program)
    if not moved:
        return program
    variables = dict(program.variables)
    early: dict[str, str] = {}
    ops: list[Op] = []
    for op in program.ops:
        if id(op) in moved:
            ops += [_cut(name, cuts[0], variables, early) for name in _sources(op, program) if name not in early]
            _declare(_result(op), variables, early)
            inputs, outputs = (
                {slot: tuple(early.get(name, name) for name in names) for slot, names in slots.items()}
                for slots in (op.inputs, op.outputs)
            )
            ops.append(replace(op, inputs=inputs, outputs=outputs))
        elif any(op is cut for cut in cuts) and op.inputs["Input"][0] in early:
            ops.append(Op("assign", {"X": (early[op.inputs["Input"][0]],)}, op.outputs, {}))
        else:
            ops.append(op)
    return replace(program, ops=tuple(ops), variables=variables)


def _takes_one_row(op: Op, program: Program) -> bool:
    if op.type != "slice" or tuple(op.inputs) != ("Input",) or tuple(op.attrs["axes"]) != (ROWS,):
        return False
    taken = program.variables[op.outputs["Out"][0]].shape
    return len(taken) == 3 and taken[ROWS] == 1 and not op.attrs["decrease_axis"]


def _only_for(cuts: Sequence[Op], program: Program) -> set[int]:
    """The operators (by identity) that work row by row, and whose rows are read by the cuts only."""
    readers: dict[str, list[Op]] = {}
    for op in program.ops:
        for name in (name for names in op.inputs.values() for name in names):
            readers.setdefault(name, []).append(op)
    served = {id(op) for op in cuts}
    shown = {spec.name for spec in program.outputs}
    moved: set[int] = set()
    for op in reversed(program.ops):
        if not _is_by_row(op, program) or _result(op) in shown:
            continue
        reading = readers.get(_result(op), [])
        if reading and all(id(one) in served for one in reading):
            moved.add(id(op))
            served.add(id(op))
    return moved


def _is_by_row(op: Op, program: Program) -> bool:
    sources = _sources(op, program)
    if not sources or any(program.variables[name].rank != 3 for name in (*sources, _result(op))):
        return False
    if op.type == "matmul_v2":
        right = program.variables[op.inputs["Y"][0]]
        return right.name in program.constants and right.rank == 2 and not op.attrs.get("trans_x", False)
    if op.type == "layer_norm":
        return bool(op.attrs["begin_norm_axis"] == 2)
    if op.type in BINARY:
        others = [name for name in (*op.inputs["X"], *op.inputs["Y"]) if name in program.constants]
        alike = len({program.variables[name].shape[:2] for name in (*sources, _result(op))}) == 1
        return alike and all(program.variables[name].rank == 1 for name in others)
    return op.type in UNARY


def _sources(op: Op, program: Program) -> list[str]:
    """The inputs that are no constants."""
    return [name for names in op.inputs.values() for name in names if name not in program.constants]


def _result(op: Op) -> str:
    return next(iter(op.outputs.get("Out") or op.outputs.get("Y") or next(iter(op.outputs.values()))))


def _declare(name: str, variables: dict[str, Var], early: dict[str, str]) -> None:
    """The variable of one row has another name: who looks at values by name must not take it for the whole."""
    early[name] = f"{name}.row"
    whole = variables[name]
    shape = (*whole.shape[:ROWS], 1, *whole.shape[ROWS + 1 :])
    variables[early[name]] = replace(whole, name=early[name], shape=shape)


def _cut(name: str, like: Op, variables: dict[str, Var], early: dict[str, str]) -> Op:
    """The slice on another value."""
    _declare(name, variables, early)
    return Op("slice", {"Input": (name,)}, {"Out": (early[name],)}, like.attrs)
