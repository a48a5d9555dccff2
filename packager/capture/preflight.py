"""Whether and how the network can be taken, found out from its architecture before any weight is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packager.capture.constants import MetaConstants
from packager.capture.convert import Converted, convert
from packager.capture.export import export
from packager.capture.home import home
from packager.capture.refusal import branches_on_values
from packager.capture.rewrites import candidates
from packager.capture.wrapper import Captive, Rewrites
from packager.errors import ExportRefusedError, UnsupportedModelError
from packager.lower.preflight import check_operators
from packager.lower.registry import supports
from packager.tasks.host import Fields
from packager.tasks.plan import InputPlan, open_axes, with_sizes
from packager.tasks.text_inputs import SEQUENCE

if TYPE_CHECKING:
    from torch.export import ExportedProgram
    from transformers import PreTrainedModel

SHOWN = 5
# Tokens, where a network takes one length only and the user names none.
FIXED_LENGTH = 128


@dataclass(frozen=True)
class Flight:
    """What will be captured.

    `plan` are the inputs, in which a size may have been fixed; `refused` says why that was needed, and is empty where
    it was not. `outputs` says where the network's outputs are, `parameters` which ones they read, `operators` what is
    needed to compute them. `program` is the trace of `captive`.
    """

    plan: tuple[InputPlan, ...]
    refused: str
    outputs: Fields
    parameters: frozenset[str]
    operators: frozenset[str]
    captive: Captive
    program: ExportedProgram


def preflight(
    model: PreTrainedModel,
    device: str,
    plan: Sequence[InputPlan],
    engines: Sequence[str],
    alternatives: Sequence[Fields],
) -> Flight:
    """Export on `device` (usually meta) and check the operators that depend on an input.

    The first of `alternatives` that the network has becomes its outputs. Where it cannot be exported for any length of
    its texts, one length is fixed. Raises ExportRefusedError where that does not help either, UnsupportedModelError
    that names and counts the operators that have no lowering or that an engine lacks.
    """
    refused = ""
    plan = tuple(plan)
    try:
        flown = _with_loops(model, device, plan, alternatives)
    except ExportRefusedError as error:
        sequence = open_axes(plan).get(SEQUENCE)
        if sequence is None:
            raise
        refused = error.message
        plan = with_sizes(plan, {SEQUENCE: min(FIXED_LENGTH, sequence.maximum)})
        flown = _with_loops(model, device, plan, alternatives)
    captive, program, converted = flown
    check(converted, engines)
    return Flight(plan, refused, captive.outputs, converted.parameters, converted.operators, captive, program)


def _with_loops(
    model: PreTrainedModel, device: str, plan: Sequence[InputPlan], alternatives: Sequence[Fields]
) -> tuple[Captive, ExportedProgram, Converted]:
    """The network as it is, else, where it branches on values, with its loops taken to their last step."""
    try:
        return _first_that_exports(model, device, plan, alternatives, whole_loops=False)
    except ExportRefusedError as error:
        if not branches_on_values(error):
            raise
        with suppress(ExportRefusedError):
            return _first_that_exports(model, device, plan, alternatives, whole_loops=True)
        raise


def _first_that_exports(
    model: PreTrainedModel,
    device: str,
    plan: Sequence[InputPlan],
    alternatives: Sequence[Fields],
    *,
    whole_loops: bool,
) -> tuple[Captive, ExportedProgram, Converted]:
    """The best combination that works, its trace and its graph; raises what the last one, the plainest, raises."""
    tried = candidates(model, plan, whole_loops=whole_loops)
    *earlier, last = [(fields, rewrites) for fields in alternatives for rewrites in tried]
    for fields, rewrites in earlier:
        # Where an output is not there, or the network wants its masks and ids in their usual shape, go on.
        with suppress(UnsupportedModelError):
            return _export(model, device, plan, fields, rewrites)
    fields, rewrites = last
    return _export(model, device, plan, fields, rewrites)


def check(converted: Converted, engines: Sequence[str]) -> None:
    """Raise UnsupportedModelError for operators that cannot be lowered, or that an engine cannot run."""
    missing: dict[str, list[str]] = {}
    for node in converted.graph.nodes:
        if not supports(node.op):
            missing.setdefault(node.op, []).append(converted.layers[node.outputs[0]])
    if missing:
        shown = [f"{op} x{len(layers)} ({layers[0] or 'top level'})" for op, layers in sorted(missing.items())]
        more = f", and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
        files = ", ".join(sorted({home(op) for op in missing}))
        count = "1 operator has" if len(shown) == 1 else f"{len(shown)} operators have"
        raise UnsupportedModelError(
            f"{count} no lowering: {', '.join(shown[:SHOWN])}{more}",
            remedy=f"add {'it' if len(shown) == 1 else 'them'} in {files} (see CONTRIBUTING.md), or use another model",
        )
    check_operators(converted.graph, engines)


def _export(
    model: PreTrainedModel, device: str, plan: Sequence[InputPlan], fields: Fields, rewrites: Rewrites
) -> tuple[Captive, ExportedProgram, Converted]:
    captive = Captive(model, [one.name for one in plan], fields, rewrites)
    program = export(captive, plan, device)
    return captive, program, convert(program, plan, MetaConstants())
