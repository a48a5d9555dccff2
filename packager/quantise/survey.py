"""What an ONNX network consists of, as far as it decides which schemes are worth a try."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packager.worker import run_worker


@dataclass(frozen=True)
class Survey:
    """Layers with weights by kind, and the nodes that are known to lose much (`packager.quantise.onnx.places`)."""

    convolutions: int
    products: int
    fragile: tuple[str, ...]


def survey(model: Path) -> Survey:
    """Read the network in a process of its own."""
    reply = run_worker("packager.quantise.survey_worker", {"model": str(model)}, isolated=True)
    return Survey(reply["convolutions"], reply["products"], tuple(reply["fragile"]))
