"""The child with Paddle that looks for values beyond half precision."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from packager.emit.model_reader import read_model
from packager.lower.legalise.own_constants import CONVOLUTIONS
from packager.lower.program import Program
from packager.quantise.feeds import read_feeds
from packager.quantise.lite.ranges import Observed, largest

FOLDED = ("Scale", "Bias", "Mean", "Variance")
"""Constants of a BatchNorm that `opt` makes, in float, part of the convolution in front of it."""
LARGEST = float(np.finfo(np.float16).max)
SLOTS = ("Out", "Output", "Y")
"""Of outputs that hold what an operator computes."""
CALLS = 16


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"model", "feeds": a file or nothing}`: replies `{"too_large": descriptions}`."""
    model = Path(request["model"])
    program = read_model(model)
    observed = Observed(model)
    gone = _folded(program)
    found = [*_constants(observed, gone), *_attributes(program)]
    if request["feeds"]:
        found += _variables(observed, program, gone, Path(request["feeds"]))
    return {"too_large": found}


def _folded(program: Program) -> set[str]:
    """What no longer exists once each BatchNorm is part of the convolution before it."""
    convolved = {name for op in program.ops if op.type in CONVOLUTIONS for name in op.outputs["Output"]}
    gone: set[str] = set()
    for op in program.ops:
        if op.type == "batch_norm" and op.inputs["X"][0] in convolved:
            gone |= {name for slot in ("X", *FOLDED) for name in op.inputs[slot]}
    return gone


def _constants(observed: Observed, gone: Collection[str]) -> Iterator[str]:
    for name, array in observed.constants().items():
        if name in gone:
            continue
        if array.dtype.kind == "f" and np.abs(array).max(initial=0) > LARGEST:
            yield f"the constant {name!r}, which reaches {np.abs(array).max():.3g}"


def _attributes(program: Program) -> Iterator[str]:
    for op in program.ops:
        for name, value in op.attrs.items():
            if isinstance(value, float) and abs(value) > LARGEST:
                yield f"{name} {value:.3g} of {op.type}"


def _variables(observed: Observed, program: Program, gone: Collection[str], feeds: Path) -> Iterator[str]:
    names = [
        name
        for op in program.ops
        for slot in SLOTS
        for name in op.outputs.get(slot, ())
        if program.variables[name].dtype == "float32" and name not in gone
    ]
    calls = ({name: np.array(array) for name, array in feed.items()} for feed in islice(read_feeds(feeds), CALLS))
    for name, top in largest(observed, calls, names).items():
        if not top <= LARGEST:
            yield f"the variable {name!r}, which reaches {top:.3g}"
