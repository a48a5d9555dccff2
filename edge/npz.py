"""Reads `.npz` archives from outside: nothing is unpickled, and no memory is taken for what the archive only claims."""

from __future__ import annotations

import math
import warnings
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from edge.errors import InputError

LIMIT = 2 << 30
"""Bytes of all arrays of an archive together."""

REMEDY = "write it with numpy.savez"


def read_npz(path: Path, *, limit: int = LIMIT) -> dict[str, NDArray[Any]]:
    """Every array of the archive by name; raises InputError where it is damaged or holds more than `limit` bytes."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > limit:
                raise InputError(f"{path} holds over {limit >> 20} MiB of arrays", remedy="split it")
            return {info.filename.removesuffix(".npy"): _read_npy(archive, info) for info in infos}
    except InputError:
        raise
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist", remedy="check the path") from error
    except Exception as error:  # unpackers and numpy's header parser raise a dozen kinds for damage
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise InputError(f"{path} is not a sound .npz file ({reason})", remedy=REMEDY) from error


def _read_npy(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(info) as file:
        shape, fortran, dtype = _header(file)
        size = math.prod(shape) * dtype.itemsize
        if dtype.kind not in "biufc" or min(shape, default=0) < 0 or size > info.file_size:
            raise ValueError(f"{info.filename} claims {dtype} {shape}, which it does not hold")
        data = file.read(size)
    if len(data) != size:
        raise ValueError(f"{info.filename} is cut off")
    flat = np.frombuffer(data, dtype)
    return flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    read = np.lib.format.read_array_header_2_0
    if np.lib.format.read_magic(file) == (1, 0):
        read = np.lib.format.read_array_header_1_0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a header that Python 2 wrote
        return read(file)
