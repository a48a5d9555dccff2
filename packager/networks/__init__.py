"""From a source to a network: one module for each kind of source, one registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from packager.hub.source import Source
from packager.networks.huggingface import from_huggingface
from packager.networks.network import Network
from packager.networks.paddle_model import from_paddle
from packager.order import Order

__all__ = ["NETWORKS", "Network"]

NETWORKS: Mapping[str, Callable[[Source, Order, Path], Network]] = {
    "huggingface": from_huggingface,
    "folder": from_huggingface,
    "paddle": from_paddle,
}
"""By the source's kind. Each takes the source, the order and a scratch folder, and has checked its Paddle programs."""
