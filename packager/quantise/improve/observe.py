"""Runs a graph and tells values from inside of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, ValueInfoProto

from edge.engines.ort import CPU, LOG_ERRORS, library
from edge.errors import SessionError
from packager.errors import UnsupportedModelError
from packager.quantise.feeds import Feed


def observed(
    model: ModelProto, feeds: Iterable[Feed], names: Sequence[str] = ()
) -> Iterator[list[NDArray[np.float32]]]:
    """For each feed the values of these names, or the graph's outputs, in order; one run at a time is in memory.

    Raises UnsupportedModelError for a graph of 2 GB and more, SessionError where ONNX Runtime refuses graph or feed.
    """
    shown = ModelProto()
    shown.CopyFrom(model)
    if names:
        del shown.graph.output[:]
        shown.graph.output.extend(ValueInfoProto(name=name) for name in names)
    try:
        graph = shown.SerializeToString()
    except ValueError as error:
        raise UnsupportedModelError("the network is larger than 2 GB", remedy="keep it in fp32") from error
    ort = library()
    options = ort.SessionOptions()
    options.log_severity_level = LOG_ERRORS
    try:
        session = ort.InferenceSession(graph, options, providers=[CPU])
        inputs = [given.name for given in session.get_inputs()]
        wanted = [output.name for output in shown.graph.output]
        for feed in feeds:
            yield session.run(wanted, {name: feed[name] for name in inputs})
    except KeyError as error:
        raise SessionError(f"the feeds have no {error.args[0]!r}", remedy="collect the feeds of this bundle") from error
    except Exception as error:
        if type(error).__module__.startswith("onnxruntime"):
            first = str(error).strip().partition("\n")[0]
            raise SessionError(f"ONNX Runtime refused it: {first}", remedy="keep the stage in fp32") from error
        raise
