"""From a source to the first node that drifts, by the road of a build."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from edge.errors import InputError
from edge.machine import usable_memory
from packager.artifacts import check_tools
from packager.blame.command import CAPTURED
from packager.blame.finding import Finding
from packager.blame.hops import Representation, Workbench, in_paddle, representations
from packager.blame.hunt import Hunt
from packager.blame.judge import values_in_torch
from packager.capture import Captured, capture
from packager.emit.constants import MappedConstants
from packager.errors import ParityError
from packager.hub.source import resolve
from packager.lower.driver import lower_traced
from packager.lower.legalise import legalise
from packager.lower.program import Program
from packager.order import Order
from packager.parity.compare import check_hop
from packager.parity.reference import read_reference
from packager.progress import step
from packager.room import enough_room

LOWERING = "the lowering"


def blame(
    source: str,
    order: Order | None = None,
    *,
    revision: str | None = None,
    offline: bool = False,
    allow_licences: Sequence[str] = (),
) -> Finding | None:
    """The first node that drifts in the first hop that is over its tolerance; None where every hop is within it.

    The arguments are those of `packager.build`; `order.engines` chooses the hops. Raises the errors of a build, but
    ParityError only where a hop is over its tolerance and no node is, or where the capture itself is wrong.
    """
    order = order or Order()
    check_tools(order)
    with step("resolve", source):
        origin = resolve(source, revision=revision, offline=offline, allow_licences=allow_licences)
    if origin.kind not in CAPTURED:
        raise InputError(f"{source} has no nodes to blame: it is not captured from torch", remedy="packager build it")
    with enough_room(), tempfile.TemporaryDirectory(prefix="edgepack-blame-") as folder:
        with step("capture", "torch.export, folding and reference outputs"):
            captured = capture(
                origin,
                task=order.task,
                folder=Path(folder),
                engines=order.engines,
                shape=order.shape,
                real=order.samples,
                seed=order.seed,
                memory_limit=usable_memory(),
            )
        return _first_hop(captured, order, Path(folder))


def _first_hop(captured: Captured, order: Order, scratch: Path) -> Finding | None:
    lowered = lower_traced(captured.graph, MappedConstants(captured.constants))
    programs = {engine: legalise(lowered.program, engine) for engine in order.engines}
    samples = read_reference(captured.samples, captured.reference)
    bench = Workbench(scratch, captured.samples, order.threads)

    def error_of(hop: Representation, program: Program) -> ParityError | None:
        try:
            check_hop(hop.name, samples, hop.run(program, bench), classifier=captured.task.endswith("-classification"))
        except ParityError as error:
            return error
        return None

    for hop in representations(order):
        program, stage = programs[hop.engine], hop.stage
        with step("parity", hop.name):
            error = error_of(hop, program)
        if error is None:
            continue
        # The neutral program has every value of the graph; an engine's may have made several into one.
        if hop.run is in_paddle and error_of(hop, lowered.program):
            program, stage = lowered.program, LOWERING
        with step("blame", f"one node of {len(captured.graph.nodes)}"):
            found = Hunt(captured, lowered.variables, hop, program, stage, bench).run()
        if found is None:
            _check_capture(captured, scratch)
            raise ParityError(error.message, remedy="no single node is over its own tolerance") from error
        return found
    return None


def _check_capture(captured: Captured, scratch: Path) -> None:
    """Raise ParityError where the captured graph, run in torch, is not what the network computes."""
    graph = captured.graph
    produced = {
        sample.key: {spec.name: sample.expected[name] for spec, name in zip(graph.outputs, graph.results, strict=True)}
        for sample in values_in_torch(captured, graph.results, scratch)
    }
    check_hop("captured graph", read_reference(captured.samples, captured.reference), produced, classifier=False)
