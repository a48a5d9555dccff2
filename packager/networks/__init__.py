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

NETWORKS: Mapping[Kind, Callable[[Source, Order, Path], Network]] = {
    "huggingface": from_huggingface,
    "folder": from_huggingface,
    "paddle": from_paddle,
    "paddle3": from_paddle3,
    "onnx": from_onnx,
}
"""By the source's kind. Each takes the source, the order and a scratch folder, and has checked its Paddle programs."""

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
