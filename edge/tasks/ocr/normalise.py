"""uint8 pixels to what a network takes: one multiplication and one addition for each channel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge.tasks.ocr.options import Colours


class Normalise:
    """RGB pixels (h, w, 3) into float32 (3, h, w) of an array that is there already."""

    def __init__(self, colours: Colours) -> None:
        std, mean = np.asarray(colours.std, np.float32), np.asarray(colours.mean, np.float32)
        self._scale, self._shift = np.float32(colours.scale) / std, -mean / std
        self._flip = -1 if colours.order == "bgr" else 1

    def __call__(self, pixels: NDArray[np.uint8], out: NDArray[np.float32]) -> None:
        """Fill `out`."""
        for channel in range(3):
            np.multiply(pixels[:, :, :: self._flip][:, :, channel], self._scale[channel], out=out[channel])
            out[channel] += self._shift[channel]
