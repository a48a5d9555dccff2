"""Bool constants as int32 ones that are compared with 0.

Why: a persistable bool variable kills Paddle Lite's `opt` ("unknown type 0"). Ensures: no constant is bool.
"""

from __future__ import annotations

from dataclasses import replace

from packager.lower.legalise.rewriter import Rewriter
from packager.lower.program import Op, Program


def bool_constants(program: Program) -> Program:
    """Put a `not_equal` in front of the program for each bool constant; its result takes the constant's name."""
    rewriter = Rewriter(program)
    for name in [name for name in program.constants if program.variables[name].dtype == "bool"]:
        rewriter.start(Op("constant", {}, {"Out": (name,)}, {}))
        number = rewriter.constant(program.constants[name].astype("int32"))
        zero = rewriter.full((1,), 0, "int32")
        rewriter.append("not_equal", {"X": number, "Y": zero}, {"Out": rewriter.variables[name]}, {"axis": -1})
        del rewriter.constants[name]
    ops = (*rewriter.ops, *program.ops)
    return replace(program, ops=ops, variables=rewriter.variables, constants=rewriter.constants)
