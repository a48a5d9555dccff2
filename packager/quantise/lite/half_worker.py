"""The child with Paddle that looks for values beyond half precision."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from packager.emit.model_reader import read_model
from packager.lower.program import Program
from packager.quantise.feeds import read_feeds
from packager.quantise.lite.ranges import Observed, largest

LARGEST = float(np.finfo(np.float16).max)
SLOTS = ("Out", "Output", "Y")
"""Of outputs that hold what an operator computes."""
CALLS = 16


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"model", "feeds": a file or nothing}`: replies `{"too_large": descriptions}`."""
    model = Path(request["model"])
    program = read_model(model)
    observed = Observed(model)
    found = [*_constants(observed), *_attributes(program)]
    if request["feeds"]:
        found += _variables(observed, program, Path(request["feeds"]))
    return {"too_large": found}


def _constants(observed: Observed) -> Iterator[str]:
    for name, array in observed.constants().items():
        if array.dtype.kind == "f" and np.abs(array).max(initial=0) > LARGEST:
            yield f"the constant {name!r}, which reaches {np.abs(array).max():.3g}"


def _attributes(program: Program) -> Iterator[str]:
    for op in program.ops:
        for name, value in op.attrs.items():
            if isinstance(value, float) and abs(value) > LARGEST:
                yield f"{name} {value:.3g} of {op.type}"


def _variables(observed: Observed, program: Program, feeds: Path) -> Iterator[str]:
    names = [
        name
        for op in program.ops
        for slot in SLOTS
        for name in op.outputs.get(slot, ())
        if program.variables[name].dtype == "float32"
    ]
    calls = ({name: np.array(array) for name, array in feed.items()} for feed in islice(read_feeds(feeds), CALLS))
    for name, top in largest(observed, calls, names).items():
        if not top <= LARGEST:
            yield f"the variable {name!r}, which reaches {top:.3g}"
