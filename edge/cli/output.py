"""Results into a file: written beside, then renamed, so that nothing half-written has its final name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from edge.errors import EnvironmentLackError, InputError
from edge.results import Embedding, Result, Tensors


class Output:
    """The file of `--output`; a wrong name or an existing file is found before anything runs."""

    def __init__(self, path: Path, *, force: bool) -> None:
        if path.suffix not in {".npy", ".npz"}:
            raise InputError(f"{path}: results are written as .npy or .npz", remedy="change the name")
        if not path.parent.is_dir():
            raise InputError(f"{path.parent} is no folder", remedy="create it first")
        if os.path.lexists(path) and not force:
            raise InputError(f"{path} exists", remedy="give another name, or --force")
        if path.is_dir():
            raise InputError(f"{path} is a folder", remedy="give a file's name")
        self._path = path

    def write(self, names: Sequence[str], results: Sequence[Result]) -> None:
        """Embeddings as one array (inputs, dimension), in `.npz` beside their names; the arrays of one tensors result.

        Raises InputError for results that such a file cannot hold, EnvironmentLackError where the disk refuses.
        """
        vectors = [result.vector for result in results if isinstance(result, Embedding)]
        single = results[0] if len(results) == 1 else None
        if vectors and len(vectors) == len(results):
            arrays: dict[str, Any] = {"vectors": np.stack(vectors), "names": np.array(names)}
        elif isinstance(single, Tensors):
            arrays = dict(single.arrays)
        else:
            what = "labels" if not isinstance(results[0], Tensors) else f"tensors of {len(results)} inputs"
            raise InputError(f"{self._path}: {what} do not go into one file", remedy="use --json, or one input")
        self._replace(arrays)

    def _replace(self, arrays: dict[str, Any]) -> None:
        beside = ""
        try:
            with tempfile.NamedTemporaryFile(
                dir=self._path.parent, prefix=f".{self._path.name}.", suffix=".part", delete=False
            ) as file:
                beside = file.name
                self._fill(file, arrays)
                file.flush()
                os.fsync(file.fileno())
            Path(beside).chmod(0o644)
            Path(beside).replace(self._path)
        except OSError as error:
            raise EnvironmentLackError(
                f"{self._path} cannot be written ({error.strerror})", remedy="check the space and rights of its folder"
            ) from error
        finally:
            with suppress(OSError):
                Path(beside).unlink()

    def _fill(self, file: IO[bytes], arrays: dict[str, Any]) -> None:
        if self._path.suffix == ".npz":
            np.savez(file, **arrays)
        elif "vectors" in arrays and "names" in arrays:
            np.save(file, arrays["vectors"])
        elif len(arrays) == 1:
            np.save(file, next(iter(arrays.values())))
        else:
            raise InputError(f"{self._path}: {len(arrays)} outputs need an .npz", remedy="change the name")
