"""What torch computes for the samples by the network as it was loaded: in float32, and in float64 as a ruler."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.overrides import TorchFunctionMode

from edge.manifest import Dimension
from packager.capture.graph import Graph
from packager.capture.loops import WholeLoops, refuse_other_beginning
from packager.capture.translate import translating, writing
from packager.capture.wrapper import wanted
from packager.errors import UnsupportedModelError
from packager.parity.reference import REFERENCE_FILE, SAMPLES_FILE
from packager.tasks.host import Fields
from packager.tasks.modality import Feeds, Modality

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Arrays = dict[str, NDArray[Any]]


class Widened(TorchFunctionMode):
    """Turns the float32 that a network asks for in its code (softmax, position tables) into float64."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call `func` with the dtypes widened."""
        if func is torch.Tensor.float:
            return args[0].double()
        widened = {key: _wide(one) for key, one in (kwargs or {}).items()}
        return func(*(_wide(one) for one in args), **widened)


def _wide(value: Any) -> Any:
    return torch.float64 if value is torch.float32 else value


def write_reference(
    model: PreTrainedModel,
    calls: Sequence[Feeds],
    graph: Graph,
    fields: Fields,
    modality: Modality,
    folder: Path,
    *,
    whole_loops: bool = False,
) -> None:
    """Run every call and write `samples.safetensors` and `reference.safetensors`.

    With `whole_loops` no loop is left early. The model is left in double precision. Raises UnsupportedModelError where
    an output is not finite, or does not begin as the network's own where it leaves its loops.
    """
    from safetensors.numpy import save_file

    samples = {
        f"{at:03d}/in:{name}": np.ascontiguousarray(a) for at, call in enumerate(calls) for name, a in call.items()
    }
    reference: Arrays = {}
    for at, call in enumerate(calls):
        found = _run(model, call, fields, whole_loops=whole_loops)
        if whole_loops:
            refuse_other_beginning(found, _run(model, call, fields), type(model).__name__)
        _refuse_infinite(found, model)
        reference |= {f"{at:03d}/out32:{name}": one for name, one in found.items()}
        reference |= {f"{at:03d}/valid:{name}": one for name, one in _valid(call, graph, modality).items()}
    for at, call in enumerate(calls):
        precise = _run_double(model, call, fields, whole_loops=whole_loops)
        reference |= {f"{at:03d}/out64:{name}": one for name, one in precise.items()}
    with writing(folder):
        save_file(samples, folder / SAMPLES_FILE)
        save_file(reference, folder / REFERENCE_FILE)


def _run(model: PreTrainedModel, call: Feeds, fields: Fields, *, whole_loops: bool = False) -> Arrays:
    feeds = {name: torch.from_numpy(np.ascontiguousarray(one)) for name, one in call.items()}
    with torch.no_grad(), WholeLoops() if whole_loops else nullcontext():
        result = wanted(model(**feeds, return_dict=True), fields)
    return {name: np.ascontiguousarray(one.numpy()) for name, one in result.items()}


def _run_double(model: PreTrainedModel, call: Feeds, fields: Fields, *, whole_loops: bool) -> Arrays:
    model.double()
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    wide = {name: one.astype(np.float64) if one.dtype == np.float32 else one for name, one in call.items()}
    what = f"{type(model).__name__} does not run in double precision"
    try:
        with translating(what, UnsupportedModelError, remedy="use another model"), Widened():
            return _run(model, wide, fields, whole_loops=whole_loops)
    finally:
        torch.set_default_dtype(usual)


def _valid(call: Feeds, graph: Graph, modality: Modality) -> Arrays:
    """The mask for every output that has the main input's axes first."""
    mask = modality.valid(call)
    if mask is None:
        return {}
    positions = graph.inputs[0].shape[:2]
    return {one.name: mask for one in graph.outputs if one.shape[:2] == positions and _is_sequence(one.shape)}


def _is_sequence(shape: Sequence[Dimension]) -> bool:
    """(batch, 128) may also be the scores of 128 classes."""
    return len(shape) > 2 or isinstance(shape[1], str)


def _refuse_infinite(found: Arrays, model: PreTrainedModel) -> None:
    for name, one in found.items():
        if not np.isfinite(one).all():
            raise UnsupportedModelError(
                f"{type(model).__name__} computes infinite or undefined numbers in {name}",
                remedy="use a checkpoint that works in float32",
            )
