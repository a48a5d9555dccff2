"""Raw tensors: `.npz` files or mappings of arrays, checked against what the model takes."""

from __future__ import annotations

import math
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from edge.errors import InputError
from edge.manifest import TensorSpec

ArraySource = str | os.PathLike[str] | Mapping[str, NDArray[Any]]

MAX_BYTES = 2 << 30
"""Of one array. A header that claims more is refused before memory is taken."""


def read_arrays(source: ArraySource, inputs: Sequence[TensorSpec]) -> dict[str, NDArray[Any]]:
    """The model's inputs from an `.npz` file or a mapping, by name, in the dtypes and shapes that `inputs` demand.

    Named symbols must have one size throughout. Raises InputError naming what is missing, damaged, or of the wrong
    dtype or shape; nothing is unpickled.
    """
    found = dict(source) if isinstance(source, Mapping) else _read_npz(Path(source), inputs)
    symbols: dict[str, int] = {}
    for spec in inputs:
        if spec.name not in found:
            names = ", ".join(f"{one.name} ({one.dtype})" for one in inputs)
            raise InputError(f"the input {spec.name!r} is missing", remedy=f"the model takes: {names}")
        _check(spec, found[spec.name].dtype, found[spec.name].shape, symbols)
    return {spec.name: np.ascontiguousarray(found[spec.name]) for spec in inputs}


def _check(spec: TensorSpec, dtype: np.dtype[Any], shape: tuple[int, ...], symbols: dict[str, int]) -> None:
    wanted = ", ".join(map(str, spec.shape))
    fits = dtype == np.dtype(spec.dtype) and len(shape) == len(spec.shape)
    for size, dimension in zip(shape, spec.shape, strict=False):
        expected = dimension if isinstance(dimension, int) else symbols.setdefault(dimension, size)
        fits = fits and size == expected > 0
    if not fits:
        raise InputError(f"the input {spec.name!r} is {dtype} {shape}", remedy=f"give {spec.dtype} ({wanted})")


def _read_npz(path: Path, inputs: Sequence[TensorSpec]) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            wanted = [spec for spec in inputs if spec.name in entries]
            return {spec.name: _read_npy(archive, entries[spec.name], path) for spec in wanted}
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{path} is not a sound .npz file ({error})", remedy="write it with numpy.savez") from error


def _read_npy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> NDArray[Any]:
    with archive.open(info) as file:
        shape, fortran, dtype = _header(file)
        size = math.prod(shape) * dtype.itemsize
        if dtype.hasobject or size > min(MAX_BYTES, info.file_size):
            raise InputError(f"{path}: {info.filename} claims {dtype} {shape}, which it does not hold")
        data = file.read(size)
    if len(data) != size:
        raise InputError(f"{path}: {info.filename} is cut off", remedy="write it again")
    flat = np.frombuffer(data, dtype)
    return flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(file)
    return np.lib.format.read_array_header_2_0(file)
