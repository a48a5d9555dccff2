"""The whole road for one model folder, with the engines apart: what one of them cannot take does not stop the other.

It is the road of `packager.pipeline` without the bundle: one capture serves both engines, and each failure becomes a
cell instead of an end.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from edge.errors import EdgeError
from edge.manifest import Hop
from packager.artifacts import emit_lite, emit_onnx
from packager.capture import Captured, capture
from packager.coverage.row import Cell
from packager.emit.constants import MappedConstants
from packager.emit.to_lite import to_lite
from packager.emit.to_paddle import PaddleModel, to_paddle
from packager.lower import lower
from packager.lower.legalise import legalise
from packager.lower.program import Program
from packager.networks import Network
from packager.order import Order
from packager.parity.compare import check_hop
from packager.parity.paddle import run_paddle
from packager.parity.reference import Sample, read_reference

T = TypeVar("T")

ORDER = Order(places=("x86",), threads=1)
# What the messages of the pre-flight and the guards name as missing.
MISSING = re.compile(r"(?:ha(?:s|ve) no lowering:|a lowering:|has no mapper for|does not list) (.*)")
OPERATOR = re.compile(r"([A-Za-z_][\w.]+) (?:\(\d+×\)|x\d+)")


@dataclass(frozen=True)
class Found:
    """The cells `paddle`, `onnx`, `lite_arm` and `lite_x86`, and the sizes that could not stay open, by axis."""

    cells: Mapping[str, Cell]
    fixed: Mapping[str, int]


def travel(folder: Path, task: str, scratch: Path) -> Found:
    """What becomes of the model in `folder`.

    Of a network that is run in turns each cell is that of its worst stage. Raises EdgeError where the network cannot be
    captured or lowered at all.
    """
    first = capture(folder, task=task, folder=scratch)
    cells, fixed = _cells(first, scratch), dict(first.fixed)
    for part in first.parts[1:]:
        below = scratch / part
        below.mkdir()
        captured = capture(folder, task=task, folder=below, part=part)
        others = _cells(captured, below)
        cells = {name: worse(cell, others[name]) for name, cell in cells.items()}
        fixed |= captured.fixed
    return Found(cells, fixed)


def worse(one: Cell, other: Cell) -> Cell:
    """The cell of two stages together: what failed, else what is nearer to its tolerance; the seconds of both."""
    worst = max(one, other, key=lambda cell: (bool(cell.reason), cell.error / (abs(cell.tolerance) or 1.0)))
    return replace(worst, seconds=round(one.seconds + other.seconds, 1))


def _cells(captured: Captured, scratch: Path) -> dict[str, Cell]:
    samples = read_reference(captured.samples, captured.reference)
    neutral = lower(captured.graph, MappedConstants(captured.constants))
    start = time.monotonic()
    programs: dict[str, Program] = {}
    refused: dict[str, EdgeError] = {}
    for engine in ORDER.engines:
        outcome = _attempt(partial(legalise, neutral, engine))
        if isinstance(outcome, EdgeError):
            refused[engine] = outcome
        else:
            programs[engine] = outcome
    models, measured = _in_paddle(captured, samples, programs, scratch)
    paddle = _paddle_cell(measured, time.monotonic() - start)
    refused |= {engine: hops for engine, hops in measured.items() if isinstance(hops, EdgeError)}

    def cell(engine: str, make: Callable[[Network], Sequence[Hop]]) -> Cell:
        if engine in refused:
            return cell_of_error(refused[engine])
        return _timed(lambda: make(_network(captured, samples, models[engine], engine)))

    return {
        "paddle": paddle,
        "onnx": cell("onnxruntime", lambda network: emit_onnx(network, ORDER, scratch).hops),
        "lite_arm": cell("paddlelite", lambda network: _made_for_arm(network, scratch)),
        "lite_x86": cell("paddlelite", lambda network: emit_lite(network, ORDER, scratch).hops),
    }


def cell_of_error(error: EdgeError, seconds: float = 0.0) -> Cell:
    """The cell that keeps the reason of a failure, and the operators that it names as missing."""
    found = MISSING.search(error.message)
    missing = tuple(dict.fromkeys(OPERATOR.findall(found[1]))) if found else ()
    return Cell(reason=" ".join(error.message.split()), missing=missing, seconds=round(seconds, 1))


def _in_paddle(
    captured: Captured, samples: Sequence[Sample], programs: Mapping[str, Program], scratch: Path
) -> tuple[dict[str, PaddleModel], dict[str, Sequence[Hop] | EdgeError]]:
    """The Paddle models and what they measure by engine: both in one process, each alone where that fails."""
    if not programs:
        return {}, {}
    try:
        models = to_paddle(programs, scratch)
        produced = run_paddle(models, captured.samples, scratch)
    except EdgeError as error:
        if len(programs) == 1:
            return {}, dict.fromkeys(programs, error)
        alone = [_in_paddle(captured, samples, {engine: one}, scratch) for engine, one in programs.items()]
        return {k: v for models, _ in alone for k, v in models.items()}, {k: v for _, m in alone for k, v in m.items()}
    classifier = captured.task.endswith("-classification")
    return models, {
        engine: _attempt(partial(check_hop, f"paddle for {engine}", samples, outputs, classifier=classifier))
        for engine, outputs in produced.items()
    }


def _paddle_cell(measured: Mapping[str, Sequence[Hop] | EdgeError], seconds: float) -> Cell:
    """The worst of both programs; a program that its engine's rules refuse does not count here."""
    hops: list[Hop] = []
    for outcome in measured.values():
        if isinstance(outcome, EdgeError):
            return cell_of_error(outcome, seconds)
        hops += outcome
    return _cell(hops, seconds) if hops else Cell(reason="no engine takes a program of it", seconds=round(seconds, 1))


def _network(captured: Captured, samples: tuple[Sample, ...], model: PaddleModel, engine: str) -> Network:
    return Network(
        task=captured.task,
        inputs=captured.graph.inputs,
        outputs=captured.graph.outputs,
        models={engine: model},
        samples_file=captured.samples,
        samples=samples,
    )


def _made_for_arm(network: Network, scratch: Path) -> Sequence[Hop]:
    to_lite(network.models["paddlelite"], scratch, name="model", place="arm")
    return ()


def _timed(make: Callable[[], Sequence[Hop]]) -> Cell:
    start = time.monotonic()
    hops = _attempt(make)
    seconds = time.monotonic() - start
    return cell_of_error(hops, seconds) if isinstance(hops, EdgeError) else _cell(hops, seconds)


def _attempt(make: Callable[[], T]) -> T | EdgeError:
    try:
        return make()
    except EdgeError as error:
        return error


def _cell(hops: Sequence[Hop], seconds: float) -> Cell:
    """The output that comes nearest to its tolerance."""
    if not hops:
        return Cell(seconds=round(seconds, 1))
    worst = max(hops, key=lambda hop: hop.max_abs / hop.tolerance if hop.tolerance else 0.0)
    return Cell(error=worst.max_abs, tolerance=worst.tolerance, seconds=round(seconds, 1))
