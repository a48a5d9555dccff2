"""The stage `detect`: where a page has text."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from edge.engines import Session
from edge.errors import BundleError
from edge.manifest import Stage
from edge.tasks.ocr import opencv
from edge.tasks.ocr.boxes import CERTAIN, Box, text_boxes
from edge.tasks.ocr.content import Area, busiest, content
from edge.tasks.ocr.normalise import Normalise
from edge.tasks.ocr.options import PageInput, TextBoxes, options_of
from edge.tasks.ocr.tiles import tiles

LOW = 10
"""Per cent of the boxes: text is as small as the lowest of them."""

TINY = 0.7
"""Of the height that text should have: what is lower than this is looked at more closely, whatever it costs."""

CLOSER = 1.5
FAR_TOO_SMALL = 2.0
"""How much closer the second look is where text is low, and where there is none in a page that was shrunk."""

MOST_LOOKS = 4.0
"""A second look has at most this many times the pixels of the first."""

FAR, NEAR = 0.25, 0.5
"""A page that is shrunk to less than `FAR` is first looked at in one place at `NEAR`: afar, small text is not seen."""


class Detector:
    """Finds text; several threads may use it."""

    def __init__(self, session: Session, page: PageInput, boxes: TextBoxes) -> None:
        """Raises BundleError where the network is no detector."""
        if len(session.inputs) != 1 or len(session.outputs) != 1 or len(session.outputs[0].shape) != 4:
            raise BundleError("the stage detect has no input (1, 3, height, width), output (1, 1, height, width)")
        self._session, self._input, self._output = session, session.inputs[0].name, session.outputs[0].name
        self._page, self._boxes = page, boxes
        self._normalise = Normalise(page.colours)

    def __call__(self, page: NDArray[np.uint8]) -> list[Box]:
        """Boxes, in pixels of the page, of all its text: first from afar, then as close as it needs.

        What is known of a large page from one place is as close as that needs.

        The page is RGB or grey, uint8 (height, width, 3 or 1).
        """
        area = content(page)
        if area is None:
            return []
        scale = min(1.0, math.sqrt(self._page.most_pixels / area.pixels))
        if scale < FAR:
            scale = max(scale, self._near(page, area))
        boxes = self.look(page, area, scale)
        closer = self._closer(boxes, area, scale)
        return boxes if closer == scale else self.look(page, area, closer)

    def _near(self, page: NDArray[np.uint8], area: Area) -> float:
        """The scale at which text is as high as it should be in the busiest place; 0 where that shows none."""
        side = round(math.sqrt(self._page.most_pixels) / NEAR)
        boxes = self.look(page, busiest(page, area, side), NEAR)
        return min(1.0, self._page.text_height / _low(boxes)) if boxes else 0.0

    def _closer(self, boxes: list[Box], area: Area, scale: float) -> float:
        """The scale at which text is as high as it should be, or the one that was."""
        pixels = area.pixels * scale * scale
        room = math.sqrt(self._page.most_pixels / pixels)
        if not boxes:
            factor = min(FAR_TOO_SMALL, 1 / scale)
        else:
            low = _low(boxes) * scale
            if low >= self._page.text_height:
                return scale
            factor = CLOSER if room >= CLOSER else 1.0
            if low < TINY * self._page.text_height:
                factor = min(self._page.text_height / low, math.sqrt(MOST_LOOKS) * max(room, 1.0), 1 / scale)
        return scale * factor if factor > 1.0 else scale

    def look(self, page: NDArray[np.uint8], area: Area, scale: float) -> list[Box]:
        """Boxes, in pixels of the page, of what the area shows at a scale."""
        height, width = (max(1, round(side * scale)) for side in (area.height, area.width))
        view = opencv.resized(area.of(page), height, width)
        boxes = text_boxes(self._map(view), self._boxes)
        factor = np.array([area.width / width, area.height / height], np.float32)
        corner = np.array([area.left, area.top], np.float32)
        return [dataclasses.replace(box, corners=box.corners * factor + corner) for box in boxes]

    def _map(self, view: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Probabilities of text, (h, w) in 255ths, of a view (h, w, 3 or 1); a large one is looked at tile by tile."""
        height, width, _ = view.shape
        found = np.empty((height, width), np.uint8)
        for tile in tiles(height, width, self._page.most_pixels, self._page.multiple):
            seen = self._run(opencv.coloured(tile.seen.of(view)))[tile.inner]
            np.rint(seen * CERTAIN, out=found[tile.kept.slices], casting="unsafe")
        return found

    def _run(self, view: NDArray[np.uint8]) -> NDArray[np.float32]:
        height, width, _ = view.shape
        multiple = self._page.multiple
        size = [math.ceil(side / multiple) * multiple for side in (height, width)]
        values = np.zeros((1, 3, *size), np.float32)
        self._normalise(view, values[0, :, :height, :width])
        found: NDArray[np.float32] = self._session.run({self._input: values})[self._output]
        return found[0, 0, :height, :width]


def _low(boxes: list[Box]) -> float:
    """How high low text is, in pixels of the page."""
    return float(np.percentile([min(box.width, box.height) for box in boxes], LOW))


def open_detector(stage: Stage, session: Session) -> Detector:
    """The detector of a stage with the steps `page` and `text-boxes`; raises BundleError where they do not fit."""
    return Detector(session, options_of(stage, PageInput), options_of(stage, TextBoxes))
