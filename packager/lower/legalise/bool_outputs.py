"""Bool outputs as int32.

Why: Paddle Lite returns a bool output wrongly. Ensures: no output is bool; the specs say int32.
"""

from __future__ import annotations

from dataclasses import replace

from packager.lower.legalise.rewriter import Rewriter, renamed
from packager.lower.program import Op, Program


def bool_outputs(program: Program) -> Program:
    """Cast at the end; the values are 0 and 1."""
    names: dict[str, str] = {}
    rewriter = Rewriter(program)
    for spec in program.outputs:
        if spec.dtype == "bool":
            rewriter.start(Op("output", {}, {"Out": (spec.name,)}, {}))
            inner = rewriter.declare("bool", rewriter.variables[spec.name].shape)
            names[spec.name] = inner.name
            rewriter.variables[spec.name] = replace(rewriter.variables[spec.name], dtype="int32")
            attrs = {"in_dtype": 0, "out_dtype": 2}
            rewriter.append("cast", {"X": inner}, {"Out": rewriter.variables[spec.name]}, attrs)
    ops = (*(renamed(op, names) for op in program.ops), *rewriter.ops)
    outputs = tuple(replace(spec, dtype="int32") if spec.name in names else spec for spec in program.outputs)
    return replace(program, outputs=outputs, ops=ops, variables=rewriter.variables)
