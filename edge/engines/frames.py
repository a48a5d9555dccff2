"""Messages between this process and an engine's child: a JSON header, then the raw bytes of its arrays.

On the wire: uint32 little-endian length of the header, the header (UTF-8 JSON object), then each array of
`header["arrays"]` (name, dtype, shape) C-contiguous in that order.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from edge.bundle import DTYPES
from edge.engines.base import Array
from edge.errors import SessionError

HEADER_LIMIT = 4 << 20
ARRAYS_LIMIT = 4 << 30
"""Bytes of one message, checked before memory is taken."""

_LENGTH = struct.Struct("<I")


def write_frame(stream: BinaryIO, header: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write one message and flush it; raises BrokenPipeError where the reader has gone."""
    listed = [{"name": n, "dtype": a.dtype.name, "shape": list(a.shape)} for n, a in arrays.items()]
    encoded = json.dumps({**header, "arrays": listed}).encode()
    stream.write(_LENGTH.pack(len(encoded)) + encoded)
    stream.writelines(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data for array in arrays.values())
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], dict[str, Array]]:
    """Read one message; raises EOFError at the end of the stream, SessionError where it breaks the protocol."""
    length = _LENGTH.unpack(_exactly(stream, _LENGTH.size))[0]
    if length > HEADER_LIMIT:
        raise SessionError(f"a message's header claims {length} bytes, over {HEADER_LIMIT}")
    try:
        header = json.loads(_exactly(stream, length))
        listed = [(str(a["name"]), str(a["dtype"]), tuple(map(int, a["shape"]))) for a in header.pop("arrays")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SessionError(f"a message's header is broken ({error!r})") from error
    if any(dtype not in DTYPES or any(size < 0 for size in shape) for _, dtype, shape in listed):
        raise SessionError("a message holds an array of an unknown dtype or a negative size")
    if sum(math.prod(shape) * np.dtype(dtype).itemsize for _, dtype, shape in listed) > ARRAYS_LIMIT:
        raise SessionError(f"a message claims over {ARRAYS_LIMIT >> 30} GiB of arrays")
    return header, {name: _array(stream, dtype, shape) for name, dtype, shape in listed}


def _array(stream: BinaryIO, dtype: str, shape: tuple[int, ...]) -> Array:
    array: Array = np.empty(math.prod(shape), dtype)
    view = memoryview(array.view(np.uint8).data)
    while view:
        count = stream.readinto(view)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        view = view[count:]
    return array.reshape(shape)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) != count:
        raise EOFError
    return data
