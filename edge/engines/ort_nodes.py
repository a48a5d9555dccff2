"""What ONNX Runtime ran, node by node with all sizes, as its profile tells: no parser of ONNX is needed on a device."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from edge.engines.base import Array
from edge.engines.ort import CPU, LOG_ERRORS, library, translated

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Node:
    """One node that was run. `constants` and `written` are bytes: of inputs that are weights, and of all outputs."""

    operator: str
    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]
    constants: int
    written: int


@dataclass(frozen=True)
class Run:
    """The nodes in the order in which they ran, and the bytes of the graph's outputs."""

    nodes: tuple[Node, ...]
    outputs: int


def run_nodes(path: Path, feeds: Mapping[str, Array]) -> Run:
    """Run the graph once as it is written, not optimised. Inputs that a node leaves out are not among its inputs.

    Raises SessionError where onnxruntime is missing or refuses the file or the feeds.
    """
    ort = library()
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = LOG_ERRORS
    # A weight that was packed for its kernel is no input any more, and its size is not told.
    options.add_session_config_entry("session.disable_prepacking", "1")
    options.enable_profiling = True
    with tempfile.TemporaryDirectory(prefix="edgepack-") as folder:
        options.profile_file_prefix = f"{folder}/profile"
        with translated(path):
            session = ort.InferenceSession(str(path), options, providers=[CPU])
            outputs = session.run(None, dict(feeds))
            events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    return Run(tuple(_nodes(events)), sum(np.asarray(output).nbytes for output in outputs))


def _nodes(events: list[dict[str, Any]]) -> Iterator[Node]:
    for event in events:
        told = event.get("args", {})
        if event.get("cat") == "Node" and "output_type_shape" in told:
            yield Node(
                operator=told["op_name"],
                inputs=_shapes(told["input_type_shape"]),
                outputs=_shapes(told["output_type_shape"]),
                constants=int(told["parameter_size"]),
                written=int(told["output_size"]),
            )


def _shapes(told: list[dict[str, list[int]]]) -> tuple[Shape, ...]:
    """Each is `{"float": [1, 3, 224, 224]}`."""
    return tuple(tuple(shape) for one in told for shape in one.values())
