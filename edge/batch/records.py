"""The one record of every input: `{"input", "status": "ok", "result"}` or `{"input", "status": "error", "error"}`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from edge.errors import EdgeError

if TYPE_CHECKING:
    from edge.results import Result

Record = Mapping[str, Any]

SHORT = "short of memory"
"""Marks a failure on its way from a worker that a new worker, with nothing beside it, may not have."""


def succeeded(name: str, result: Any) -> Record:
    """The record of an input that was read."""
    return {"input": name, "status": "ok", "result": result}


def failed(name: str, error: EdgeError) -> Record:
    """The record of an input that was not."""
    return {"input": name, "status": "error", "error": error.message}


def is_failure(record: Record) -> bool:
    """Whether it says why there is no result."""
    return bool(record["status"] != "ok")


def encode_record(record: Record) -> bytes:
    """One line of JSON. What is no UTF-8 in a file's name becomes an escape, and a float that is no number null."""
    try:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(record), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def plain_result(result: Result) -> dict[str, Any]:
    """The result as plain data, the values of raw tensors included; without times, which no two runs share."""
    from edge.results import Tensors

    data: dict[str, Any] = result.to_json()
    data.pop("timings", None)
    if isinstance(result, Tensors):
        for name, array in result.arrays.items():
            data["arrays"][name]["values"] = array.tolist()
    return data


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value
