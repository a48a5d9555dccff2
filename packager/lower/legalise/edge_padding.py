"""`pad3d` that repeats what is at the edges, as `gather`.

Why: `opt` makes `pad2d` of it and keeps the order of the paddings, which is another one there, and the name of the mode
"replicate", which is "edge" there (lite/core/optimizer/mir/fusion/unsqueeze2_pad3d_squeeze2_fuse.cc): the result is
wrong without a word, or `opt` aborts. Requires: sizes that are known along the padded axes, else the guard refuses.
"""

from __future__ import annotations

import numpy as np

from packager.lower.legalise.rewriter import Rewriter, rewrite
from packager.lower.program import Op, Program, Var

# Paddle's modes by the words of numpy.pad.
MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
# `paddings` is (left, right, top, bottom, front, back) of [N, C, D, H, W].
AXES = (4, 3, 2)


def edge_padding(program: Program) -> Program:
    """Take the places that numpy.pad repeats, one axis after another."""
    return rewrite(program, ("pad3d",), _gather)


def _gather(rewriter: Rewriter, op: Op) -> Var | None:
    x, mode, widths = rewriter.input(op, "X"), op.attrs["mode"], op.attrs["paddings"]
    if mode not in MODES or op.attrs["data_format"] != "NCDHW":
        return None
    for axis, before, after in zip(AXES, widths[::2], widths[1::2], strict=True):
        size = x.shape[axis]
        if before == after == 0:
            continue
        if not isinstance(size, int) or min(before, after) < 0:
            return None
        places = np.pad(np.arange(size), (before, after), mode=MODES[mode])  # type: ignore[call-overload]
        shape = (*x.shape[:axis], len(places), *x.shape[axis + 1 :])
        x = rewriter.emit("gather", {"X": x, "Index": rewriter.constant(places)}, {"axis": axis}, shape=shape)
    return x
