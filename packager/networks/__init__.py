"""From a source to a network: one module for each kind of source, one registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from edge.errors import InputError
from packager.hub.source import Kind, Source
from packager.networks.huggingface import from_huggingface
from packager.networks.network import Network
from packager.networks.onnx_model import from_onnx
from packager.networks.paddle3_model import from_paddle3
from packager.networks.paddle_model import from_paddle
from packager.order import Order
from packager.progress import log

__all__ = ["NETWORKS", "Network", "possible"]


def _alone(make: Callable[[Source, Order, Path], Network]) -> Callable[[Source, Order, Path], tuple[Network, ...]]:
    """A kind of source that holds one network, as a bundle of one stage."""

    def networks(source: Source, order: Order, scratch: Path) -> tuple[Network, ...]:
        return (make(source, order, scratch),)

    return networks


NETWORKS: Mapping[Kind, Callable[[Source, Order, Path], tuple[Network, ...]]] = {
    "huggingface": from_huggingface,
    "folder": from_huggingface,
    "paddle": _alone(from_paddle),
    "paddle3": _alone(from_paddle3),
    "onnx": _alone(from_onnx),
}
"""By the source's kind. Each takes the source, the order and a scratch folder, and gives the stages in the order
in which they are run, their Paddle programs checked."""

IMPOSSIBLE: Mapping[Kind, Mapping[str, str]] = {
    "paddle3": {
        "paddlelite": "Paddle Lite reads Paddle 2's programs (.pdmodel), and nothing turns Paddle 3's into one"
    },
    "onnx": {"paddlelite": "of an ONNX file no importer to torch makes a network that torch.export takes"},
}
"""Engines for which a kind of source has no artifact, and why."""


def possible(order: Order, kind: Kind) -> Order:
    """The order with those of its engines that this kind of source can have.

    Raises InputError where none is left, or for a shape of a network that is given as a graph.
    """
    if order.shape and NETWORKS[kind] is not from_huggingface:
        raise InputError("the sizes of a network that is given as a graph are its own", remedy="leave out --shape")
    never = IMPOSSIBLE.get(kind, {})
    engines = tuple(engine for engine in order.engines if engine not in never)
    missed = [engine for engine in order.engines if engine in never]
    if not engines:
        raise InputError(
            f"{missed[0]} cannot be built for this source: {never[missed[0]]}",
            remedy="build it with --engine onnxruntime",
        )
    for engine in missed:
        log.info("without %s: %s", engine, never[engine])
    return replace(order, engines=engines)
