"""Writes `.pdiparams`, the format of Paddle's `save_combine`: the tensors of the sorted names, one after another.

Each is (paddle/fluid/framework/lod_tensor.cc, tensor_util.cc): uint32 version 0, uint64 number of LoD levels 0, uint32
version 0, int32 length of a `VarType.TensorDesc`, that message, the values. Written here because a tensor then goes
straight from the mapped file to the disk, without a copy in Paddle's scope.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packager.lower.builder import DTYPE_CODES


def write_params(constants: Mapping[str, NDArray[np.generic]], path: Path) -> None:
    """Write all constants in the order of their sorted names; an empty mapping gives an empty file."""
    with path.open("wb") as file:
        for name in sorted(constants):
            array = np.ascontiguousarray(constants[name])
            description = _tensor_desc(array)
            file.write(struct.pack("<IQIi", 0, 0, 0, len(description)) + description)
            file.write(array.data.cast("B") if array.size else b"")


def _tensor_desc(array: NDArray[np.generic]) -> bytes:
    """`VarType.TensorDesc`: data_type is field 1, dims are the unpacked field 2, both varints."""
    dims = b"".join(b"\x10" + _varint(size) for size in array.shape)
    return b"\x08" + _varint(DTYPE_CODES[str(array.dtype)]) + dims


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
