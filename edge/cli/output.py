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
from edge.gather import Outcome
from edge.results import Embedding, Tensors
from edge.whole_file import check_place, whole_file


class Output:
    """The file of `--output`, if any; a wrong name or an existing file is found before anything runs."""

    def __init__(self, path: Path | None, *, force: bool) -> None:
        if path is not None and path.suffix not in {".npy", ".npz"}:
            raise InputError(f"{path}: results are written as .npy or .npz", remedy="change the name")
        if path is not None:
            check_place(path)
            if os.path.lexists(path) and not force:
                raise InputError(f"{path} exists", remedy="give another name, or --force")
        self._path = path
        self._names: list[str] = []
        self._vectors: list[NDArray[np.float32]] = []
        self._tensors: Mapping[str, NDArray[Any]] = {}

    def keep(self, one: Outcome) -> None:
        """Keep a result until `finish`; raises InputError for one that such a file cannot hold, before others run."""
        if self._path is None:
            return
        if isinstance(one.value, Embedding):
            self._names.append(one.name)
            self._vectors.append(one.value.vector)
        elif isinstance(one.value, Tensors) and not self._tensors:
            if len(one.value.arrays) > 1 and self._path.suffix != ".npz":
                count = len(one.value.arrays)
                raise InputError(f"{self._path}: {count} outputs need an .npz", remedy="change the name")
            self._tensors = one.value.arrays
        else:
            what = "tensors of several inputs" if isinstance(one.value, Tensors) else "labels"
            raise InputError(f"{self._path}: {what} do not go into one file", remedy="use --json, or one input")

    def show(self, _one: Outcome) -> bool:
        """What goes to a file is not printed."""
        return self._path is not None

    def finish(self) -> None:
        """Embeddings as one array (inputs, dimension), in `.npz` beside their names; the arrays of one tensors result.

        Nothing is written where there was no result. Raises EnvironmentLackError where the disk refuses.
        """
        if self._path is None:
            return
        if self._vectors:
            self._replace(self._path, {"vectors": np.stack(self._vectors), "names": np.array(self._names)})
        elif self._tensors:
            self._replace(self._path, self._tensors)

    def _replace(self, path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
        with whole_file(path) as file:
            self._fill(file, path.suffix, arrays)

    @staticmethod
    def _fill(file: IO[bytes], suffix: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        if suffix == ".npy":
            np.save(file, next(iter(arrays.values())))
            return
        with zipfile.ZipFile(file, "w") as archive:  # numpy.savez takes no array of the name "file"
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, array, allow_pickle=False)
