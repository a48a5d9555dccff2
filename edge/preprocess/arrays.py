"""Raw tensors: `.npz` files or mappings of arrays, checked against what the model takes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from edge.engines.base import Array
from edge.engines.feeds import check_feeds
from edge.errors import InputError
from edge.manifest import TensorSpec
from edge.npz import read_npz

ArraySource = str | os.PathLike[str] | Mapping[str, Array]


def read_arrays(source: ArraySource, inputs: tuple[TensorSpec, ...]) -> dict[str, Array]:
    """The model's inputs from an `.npz` file or a mapping, by name, in the dtypes and shapes that `inputs` demand.

    Raises InputError naming what is missing, unknown, damaged, or of the wrong dtype or shape; nothing is unpickled.
    """
    if not isinstance(source, str | os.PathLike | Mapping):
        raise InputError(f"tensors were expected, not {type(source).__name__}", remedy="give an .npz or a mapping")
    return check_feeds(inputs, source if isinstance(source, Mapping) else read_npz(Path(source)))
