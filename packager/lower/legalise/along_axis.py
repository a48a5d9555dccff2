"""`take_along_axis` as one `gather` from the flat tensor.

Why: Paddle Lite has it on neither place. Ensures: none is left.
"""

from __future__ import annotations

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var


def along_axis(program: Program) -> Program:
    """With the axis at the end, element j of row i is at i · width + j."""
    return rewrite(program, ("take_along_axis",), _gather)


def _gather(r: Rewriter, op: Op) -> Var:
    x, index, axis = r.input(op, "Input"), r.input(op, "Index"), op.attrs["Axis"] % r.input(op, "Input").rank
    order = list(range(x.rank))
    order[axis], order[-1] = order[-1], order[axis]
    if axis != x.rank - 1:
        x, index = r.transpose(x, order), r.transpose(index, order)
    count, *narrow = r.size_vars(r.sizes(index)[:-1]) or r.size_vars([1])
    for size in narrow:
        count = r.binary("elementwise_mul", count, size)
    width = r.size_vars(r.sizes(x)[-1:])[0]
    slots = {"Start": r.full((1,), 0, "int32"), "End": count, "Step": r.full((1,), 1, "int32")}
    rows = r.binary("elementwise_mul", r.emit("range", slots, dtype="int32", shape=("rows",)), width)
    starts = r.unsqueeze(r.cast(rows, index.dtype), (1,))
    table = r.reshape(index, ("rows", index.shape[-1]), (count, r.sizes(index)[-1]))
    places = r.reshape(r.binary("elementwise_add", table, starts), ("places",))
    found = r.emit("gather", {"X": r.reshape(x, ("elements",)), "Index": places}, {"axis": 0}, shape=("places",))
    found = r.reshape(found, index.shape, r.sizes(index))
    return found if axis == x.rank - 1 else r.transpose(found, order)
