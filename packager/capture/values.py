"""The child that computes values inside a captured graph with torch, in float32 and in float64."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packager.capture.graph import CONSTANTS_FILE, Graph
from packager.capture.interpret import Arrays, interpret
from packager.emit.constants import MappedConstants, write_safetensors
from packager.parity.run_samples import read_feeds

# Masks hide positions with numbers like -1e9 and -3.4e38, and an engine may use another one: their size is no error,
# and as the scale of a tolerance it would hide every other one.
HIDING = 1e8


def run(request: Mapping[str, Any]) -> dict[str, Any]:
    """Write `NNN/out32:NAME`, `NNN/out64:NAME` and `NNN/valid:NAME` of the values NAME to `results`.

    `{"graph": folder, "samples": file, "names": [...], "results": file}`; the format is packager.parity.reference's.
    """
    import torch

    torch.set_num_threads(1)  # sums are added in one order, whatever the number of cores
    folder, names = Path(request["graph"]), frozenset(request["names"])
    graph, constants = Graph.read(folder), MappedConstants(folder / CONSTANTS_FILE)
    found: dict[str, NDArray[np.generic]] = {}
    for key, feeds in read_feeds(Path(request["samples"])).items():
        for name, array in _values(graph, constants, feeds, names, wide=False).items():
            found[f"{key}/out32:{name}"] = array
            found[f"{key}/valid:{name}"] = np.abs(array.astype(np.float64)) < HIDING
        for name, array in _values(graph, constants, feeds, names, wide=True).items():
            found[f"{key}/out64:{name}"] = array
    write_safetensors(Path(request["results"]), found)
    return {}


def _values(
    graph: Graph, constants: Arrays, feeds: Arrays, names: Collection[str], *, wide: bool
) -> dict[str, NDArray[np.generic]]:
    """As Paddle's legacy programs have them: a number, and a tensor without axes, has shape (1,)."""
    return {
        name: np.atleast_1d(np.ascontiguousarray(value))
        for name, value in interpret(graph, constants, feeds, wide=wide)
        if name in names
    }
