"""Checks a safetensors file's header before a library maps it.

The format, from safetensors' README: 8 bytes little-endian length N, N bytes of JSON (`{"name": {"dtype", "shape",
"data_offsets": [begin, end]}}` and `__metadata__` with strings), then the data. Tensors lie one after another without a
gap, up to the last byte.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from math import prod
from pathlib import Path

from packager.errors import SourceError
from packager.hub.reading import parse_object

MOST_HEADER_BYTES = 100_000_000
MOST_TENSORS = 1_000_000
_MOST_AXES = 16
_MOST_BYTES = 1 << 48

_BITS = {
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8,
    "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "I64": 64, "U64": 64, "F64": 64,
    "C64": 64,
}  # fmt: skip


def check_safetensors(path: Path) -> None:
    """Raise SourceError, in one line, where the file is truncated or its header lies about the data."""
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            prefix = stream.read(8)
            length = struct.unpack("<Q", prefix)[0] if len(prefix) == 8 else MOST_HEADER_BYTES + 1
            if size < 8 or length > size - 8:
                raise _refused(path, f"is truncated: {size} bytes cannot hold its header")
            if length > MOST_HEADER_BYTES:
                raise _refused(path, f"claims a header of {length} bytes")
            header = stream.read(length)
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror})", remedy="check its rights") from error
    if not header.startswith(b"{") or header.count(b'"data_offsets"') > MOST_TENSORS:
        raise _refused(path, "has no safetensors header")
    tensors = parse_object(header, f"the header of {path}")
    metadata = tensors.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _refused(path, "has a header whose metadata are not strings")
    _check_layout(path, tensors, size - 8 - length)


def _check_layout(path: Path, tensors: dict[str, object], data: int) -> None:
    position = 0
    for begin, end, name in sorted(_spans(path, tensors)):
        if begin != position:
            raise _refused(path, f"has a gap or an overlap before the tensor {name!r}")
        position = end
    if position > data:
        raise _refused(path, f"is truncated: it holds {data} of {position} bytes of weights")
    if position != data:
        raise _refused(path, f"holds {data - position} bytes that no tensor describes")


def _spans(path: Path, tensors: dict[str, object]) -> Iterator[tuple[int, int, str]]:
    for name, entry in tensors.items():
        if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
            raise _refused(path, f"describes the tensor {name!r} wrongly")
        bits = _BITS.get(entry["dtype"]) if isinstance(entry["dtype"], str) else None
        shape, offsets = _naturals(entry["shape"]), _naturals(entry["data_offsets"])
        if bits is None or shape is None or offsets is None or len(offsets) != 2 or len(shape) > _MOST_AXES:
            raise _refused(path, f"gives the tensor {name!r} a dtype, shape or offsets that do not exist")
        begin, end = offsets
        if prod(shape) * bits != (end - begin) * 8:
            raise _refused(path, f"gives the tensor {name!r} {end - begin} bytes, which is not what its shape needs")
        yield begin, end, name


def _naturals(value: object) -> list[int] | None:
    """The list, if it holds nothing but integers that can be sizes; JSON's true is no integer."""
    if isinstance(value, list) and all(type(one) is int and 0 <= one <= _MOST_BYTES for one in value):
        return value
    return None


def _refused(path: Path, what: str) -> SourceError:
    short = what if len(what) <= 200 else what[:200] + "…"
    return SourceError(f"{path} {short}", remedy="download or copy the file again, or use another model")
