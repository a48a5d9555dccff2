"""Results into a file: written beside, then renamed, so that nothing half-written has its final name."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from edge.errors import InputError
from edge.results import Embedding, Result, Tensors
from edge.whole_file import check_place, whole_file


class Output:
    """The file of `--output`; a wrong name or an existing file is found before anything runs."""

    def __init__(self, path: Path, *, force: bool) -> None:
        if path.suffix not in {".npy", ".npz"}:
            raise InputError(f"{path}: results are written as .npy or .npz", remedy="change the name")
        check_place(path)
        if os.path.lexists(path) and not force:
            raise InputError(f"{path} exists", remedy="give another name, or --force")
        self._path = path
        self._names: list[str] = []
        self._vectors: list[NDArray[np.float32]] = []
        self._tensors: Mapping[str, NDArray[Any]] = {}

    def add(self, name: str, result: Result) -> None:
        """Keep a result until `write`; raises InputError for one that such a file cannot hold, before others run."""
        if isinstance(result, Embedding):
            self._names.append(name)
            self._vectors.append(result.vector)
        elif isinstance(result, Tensors) and not self._tensors:
            if len(result.arrays) > 1 and self._path.suffix != ".npz":
                raise InputError(f"{self._path}: {len(result.arrays)} outputs need an .npz", remedy="change the name")
            self._tensors = result.arrays
        else:
            what = "tensors of several inputs" if isinstance(result, Tensors) else "labels"
            raise InputError(f"{self._path}: {what} do not go into one file", remedy="use --json, or one input")

    def write(self) -> None:
        """Embeddings as one array (inputs, dimension), in `.npz` beside their names; the arrays of one tensors result.

        Nothing is written where there was no result. Raises EnvironmentLackError where the disk refuses.
        """
        if self._vectors:
            self._replace({"vectors": np.stack(self._vectors), "names": np.array(self._names)})
        elif self._tensors:
            self._replace(self._tensors)

    def _replace(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        with whole_file(self._path) as file:
            self._fill(file, arrays)

    def _fill(self, file: IO[bytes], arrays: Mapping[str, NDArray[Any]]) -> None:
        if self._path.suffix == ".npy":
            np.save(file, next(iter(arrays.values())))
            return
        with zipfile.ZipFile(file, "w") as archive:  # numpy.savez takes no array of the name "file"
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, array, allow_pickle=False)
