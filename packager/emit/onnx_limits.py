"""How large an ONNX file may be, and which ONNX Runtime is the first to take an operator set and an IR version.

The versions were measured with the wheels 1.20 to 1.32; below that they are from onnxruntime's compatibility table.
"""

from __future__ import annotations

from edge.versions import release

LARGEST_MESSAGE = 2_000_000_000
"""Bytes of weights in the file itself: a protobuf message ends at 2 GiB, and the graph needs some of it."""

DATA_SUFFIX = ".data"
"""Ends the name of the file beside it that holds the weights then."""

OLDEST_OPSET = 7
"""What every version promises to take, back to the first."""

OPSETS = {
    17: "1.12",
    18: "1.14",
    19: "1.15",
    20: "1.17",
    21: "1.18",
    22: "1.21",
    23: "1.23",
    24: "1.24",
    25: "1.24",
    26: "1.25",
    27: "1.32",
    28: "1.32",
}
IRS = {8: "1.12", 9: "1.15", 10: "1.18", 11: "1.23", 12: "1.24", 13: "1.24", 14: "1.32"}


ATTENTION = "1.21"
"""The first that computes `com.microsoft.Attention` rightly: 1.20.1 adds one mask for all heads wrongly to a batch."""


def minimum_engine(opset: int, ir: int, *, attention: bool = False) -> str:
    """The first ONNX Runtime that takes all; what is older than the tables needs no more than their first entry."""
    needed = [OPSETS[max(opset, min(OPSETS))], IRS[max(ir, min(IRS))], *([ATTENTION] if attention else [])]
    return max(needed, key=release)
