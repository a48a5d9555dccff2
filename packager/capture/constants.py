"""Where folded values go: each stored once, under a name made from dtype, shape and bytes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from packager.capture.graph import CONSTANTS_FILE
from packager.emit.constants import write_safetensors


class Constants(Protocol):
    """Names values."""

    def add(self, value: torch.Tensor) -> str:
        """Keep the value and return its name."""
        ...


class DigestConstants:
    """Keeps values by digest: weights that layers share, and a weight that is transposed in many places, are one."""

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[np.generic]] = {}

    def add(self, value: torch.Tensor) -> str:
        """`c_` and 16 hexadecimal digits."""
        array = np.ascontiguousarray(_stored(value).numpy()).reshape(value.shape)
        digest = sha256(f"{array.dtype} {array.shape} ".encode())
        digest.update(array.reshape(-1).view(np.uint8).data)
        name = f"c_{digest.hexdigest()[:16]}"
        self._arrays.setdefault(name, array)
        return name

    def write(self, folder: Path) -> None:
        """Write `constants.safetensors`."""
        write_safetensors(folder / CONSTANTS_FILE, self._arrays)


class MetaConstants:
    """Names values that have no data; one name for each call."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, value: torch.Tensor) -> str:  # noqa: ARG002 (there is nothing in it)
        """`meta_` and a number."""
        self._count += 1
        return f"meta_{self._count}"


def _stored(value: torch.Tensor) -> torch.Tensor:
    return value.detach().to(torch.float32) if value.is_floating_point() else value.detach()
