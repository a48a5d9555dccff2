"""What can be told of a `.nb` without running it: which kernels `opt` picked, and how large it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from packager.errors import ToolError, UnsupportedModelError
from packager.quantise.lite.kernels import in_precision, kernels
from packager.quantise.lite.static import StaticInt8
from packager.quantise.scheme import WEIGHTS, WEIGHTS_16

INT8_ON_ARM = frozenset({"conv2d", "depthwise_conv2d", "fc", "mul"})
"""Types that Paddle Lite 2.13 registers int8 kernels for on arm, of those that we quantise or `opt` makes of them."""
LARGEST_SHARE = {WEIGHTS: 0.75, WEIGHTS_16: 0.9}
"""Of the fp32 file's bytes. Depthwise filters, embeddings and statistics stay in float, so it is no quarter."""


SAVED = 2
"""Bytes that each weight saves at least; it is three, less its share of the scales."""
ADDED = 2048
"""Bytes that quantisation adds to the description of a layer at most."""


def check_static(nb: Path, fp32: Path, made: StaticInt8) -> None:
    """Raises ToolError unless all that was quantised runs in int8 kernels that arm has, and has weights of a byte."""
    found = Counter({kind: count for (kind, of), count in kernels(nb).items() if of == "int8"})
    alien = sorted(set(found) - INT8_ON_ARM)
    if alien:
        raise ToolError(f"opt chose an int8 kernel for {alien[0]} in {nb.name}, which Paddle Lite has not on arm")
    if found.total() != len(made.layers):
        raise ToolError(f"opt runs {found.total()} operators of {nb.name} in int8, {len(made.layers)} were quantised")
    saved = fp32.stat().st_size - nb.stat().st_size
    if saved + ADDED * len(made.layers) < SAVED * made.weights:
        raise ToolError(f"{nb.name} is only {saved} bytes smaller than fp32, with {made.weights} weights in int8")


def check_weights(nb: Path, fp32: Path, precision: str) -> None:
    """Raises UnsupportedModelError where `opt` quantised hardly anything: that loses accuracy and gains no size."""
    share = nb.stat().st_size / fp32.stat().st_size
    if share > LARGEST_SHARE[precision]:
        raise UnsupportedModelError(
            f"{nb.name} has {share:.0%} of fp32's size: few weights of this network can be {precision}",
            remedy="keep fp32",
        )


def check_half(nb: Path) -> None:
    """Raises UnsupportedModelError where no operator runs in half precision."""
    if not in_precision(nb, "float16"):
        raise UnsupportedModelError(f"no operator of {nb.name} runs in half precision", remedy="keep fp32")
