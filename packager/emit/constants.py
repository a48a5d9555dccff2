"""Safetensors files: read as a mapping of lazily mapped arrays, written one array after another.

The format (huggingface/safetensors, README): uint64 little-endian length of the header, the header as JSON
`{key: {"dtype", "shape", "data_offsets": [begin, end]}}`, then the bytes. The header is checked against the file's size
before anything is mapped, so a lying header cannot lead outside of the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packager.errors import SourceError

# Numpy has no bfloat16 and no 8-bit floats; the capture stores those widened.
DTYPES = {
    "BOOL": "bool", "U8": "uint8", "I8": "int8", "I16": "int16", "U16": "uint16", "I32": "int32", "U32": "uint32",
    "I64": "int64", "U64": "uint64", "F16": "float16", "F32": "float32", "F64": "float64",
}  # fmt: skip
MAX_HEADER_BYTES = 100_000_000

CODES = {name: code for code, name in DTYPES.items()}


class MappedConstants(Mapping[str, NDArray[np.generic]]):
    """The arrays of a safetensors file, read-only views of its pages: nothing is read before it is used.

    Raises SourceError where the file is truncated or its header lies.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries, self._start = _read_header(path)
        size = path.stat().st_size - self._start
        for key, entry in self._entries.items():
            _check_entry(path, key, entry, size)
        # An empty file cannot be mapped.
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r", offset=self._start) if size else np.empty(0, np.uint8)

    def __getitem__(self, key: str) -> NDArray[np.generic]:
        entry = self._entries[key]
        begin, end = entry["data_offsets"]
        view: NDArray[np.generic] = self._bytes[begin:end].view(DTYPES[entry["dtype"]]).view(np.ndarray)
        return view.reshape(tuple(entry["shape"]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def write_safetensors(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write arrays one after another; the largest one bounds the memory."""
    header: dict[str, Any] = {}
    offset = 0
    for key, array in arrays.items():
        end = offset + array.nbytes
        header[key] = {"dtype": CODES[str(array.dtype)], "shape": array.shape, "data_offsets": [offset, end]}
        offset = end
    with path.open("wb") as file:
        file.write(header_bytes(header))
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")


def header_bytes(header: Mapping[str, Any]) -> bytes:
    """The length and the header as they stand in the file, padded so that the arrays start aligned."""
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def _read_header(path: Path) -> tuple[dict[str, Any], int]:
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > min(size - 8, MAX_HEADER_BYTES):
            raise SourceError(f"{path.name}: the safetensors header is longer than the file", remedy="fetch it again")
        try:
            header = json.loads(file.read(length))
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{path.name}: the safetensors header is not JSON", remedy="fetch it again") from error
    if not isinstance(header, dict):
        raise SourceError(f"{path.name}: the safetensors header is not an object", remedy="fetch it again")
    header.pop("__metadata__", None)
    return header, 8 + length


def _check_entry(path: Path, key: str, entry: Any, size: int) -> None:
    try:
        begin, end = entry["data_offsets"]
        length = math.prod(entry["shape"]) * np.dtype(DTYPES[entry["dtype"]]).itemsize
        sound = 0 <= begin <= end <= size and end - begin == length and min(entry["shape"], default=0) >= 0
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"{path.name}: the entry {key!r} of the header cannot be read ({error})") from error
    if not sound:
        raise SourceError(f"{path.name}: the entry {key!r} does not fit into the file", remedy="fetch the file again")
