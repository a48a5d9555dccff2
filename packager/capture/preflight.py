"""Whether the network can be taken at all, found out from its architecture before any weight is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packager.capture.architecture import on_meta
from packager.capture.choose import Choice
from packager.capture.constants import MetaConstants
from packager.capture.convert import Converted, convert
from packager.capture.export import export
from packager.capture.rewrites import candidates
from packager.capture.wrapper import Captive, Rewrites
from packager.errors import UnsupportedModelError
from packager.lower.preflight import check_operators
from packager.lower.registry import supports
from packager.tasks.host import Fields
from packager.tasks.plan import InputPlan

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

SHOWN = 5


@dataclass(frozen=True)
class Flight:
    """What will be captured: where the network's outputs are, the parameters that they read, the operators needed."""

    outputs: Fields
    parameters: frozenset[str]
    operators: frozenset[str]


def preflight(
    choice: Choice,
    config: PretrainedConfig,
    plan: Sequence[InputPlan],
    engines: Sequence[str],
    alternatives: Sequence[Fields],
) -> Flight:
    """Export on the meta device and check the operators that depend on an input.

    The first of `alternatives` that the network has becomes its outputs. Raises UnsupportedModelError that names and
    counts the operators that have no lowering or that an engine lacks.
    """
    model = on_meta(choice.model_class, config)
    *earlier, last = [(fields, rewrites) for fields in alternatives for rewrites in candidates(model, plan)]
    for fields, rewrites in earlier:
        # Where an output is not there, or the network wants its masks and ids in their usual shape, go on.
        with suppress(UnsupportedModelError):
            converted = _export(model, plan, fields, rewrites)
            break
    else:
        fields, rewrites = last
        converted = _export(model, plan, fields, rewrites)
    check(converted, engines)
    return Flight(fields, converted.parameters, converted.operators)


def check(converted: Converted, engines: Sequence[str]) -> None:
    """Raise UnsupportedModelError for operators that cannot be lowered, or that an engine cannot run."""
    missing: dict[str, list[str]] = {}
    for node in converted.graph.nodes:
        if not supports(node.op):
            missing.setdefault(node.op, []).append(converted.layers[node.outputs[0]])
    if missing:
        shown = [f"{op} x{len(layers)} ({layers[0] or 'top level'})" for op, layers in sorted(missing.items())]
        more = f", and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
        count = "1 operator has" if len(shown) == 1 else f"{len(shown)} operators have"
        raise UnsupportedModelError(
            f"{count} no lowering: {', '.join(shown[:SHOWN])}{more}",
            remedy="add one under packager/lower/operators/ (see CONTRIBUTING.md), or use another model",
        )
    check_operators(converted.graph, engines)


def _export(model: PreTrainedModel, plan: Sequence[InputPlan], fields: Fields, rewrites: Rewrites) -> Converted:
    captive = Captive(model, [one.name for one in plan], fields, rewrites)
    return convert(export(captive, plan, "meta"), plan, MetaConstants())
