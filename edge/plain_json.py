"""JSON from strangers: what Python reads beyond the standard, and numbers that no field can hold, are refused."""

from __future__ import annotations

import json
import math
from typing import Any

LONGEST = 20
"""Characters of a whole number, enough for 64 bits and a sign."""


def parse_json(data: bytes | str) -> Any:
    """The parsed document; raises ValueError, or RecursionError where it is nested too deeply."""
    return json.loads(data, parse_int=_whole, parse_float=_finite, parse_constant=_finite)


def _whole(text: str) -> int:
    if len(text) > LONGEST:
        raise ValueError(f"{text[:LONGEST]}... is too large a number")
    return int(text)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(f"{text} is no number")
    return number
