"""The stage `turn-page`: by how much a page's content is turned."""

from __future__ import annotations

import numpy as np

from edge.engines import Session
from edge.errors import BundleError
from edge.manifest import Stage
from edge.tasks.ocr.normalise import Normalise
from edge.tasks.ocr.opencv import Pixels, coloured, resized
from edge.tasks.ocr.options import Turns, ViewInput, options_of


class PageTurner:
    """Several threads may use it."""

    def __init__(self, session: Session, view: ViewInput, turns: Turns) -> None:
        """Raises BundleError where the network does not tell these turns."""
        if len(session.inputs) != 1 or len(session.outputs) != 1 or len(session.outputs[0].shape) != 2:
            raise BundleError("the stage turn-page has no input (1, 3, height, width) and output (1, turns)")
        classes = session.outputs[0].shape[1]
        if isinstance(classes, int) and classes != len(turns.degrees):
            raise BundleError(f"the stage turn-page tells {classes} turns, its step {list(turns.degrees)} degrees")
        self._session, self._input, self._output = session, session.inputs[0].name, session.outputs[0].name
        self._view, self._turns, self._normalise = view, turns, Normalise(view.colours)

    def __call__(self, page: Pixels) -> int:
        """Degrees clockwise by which the content of (h, w, 3) RGB is turned; 0 where it is not sure."""
        view = self._view
        scale = view.side / min(page.shape[:2])
        height, width = (max(view.side, round(side * scale)) for side in page.shape[:2])
        top, left = (height - view.height) // 2, (width - view.width) // 2
        middle = coloured(resized(page, height, width))[top : top + view.height, left : left + view.width]
        values = np.empty((1, 3, view.height, view.width), np.float32)
        self._normalise(middle, values[0])
        scores = self._session.run({self._input: values})[self._output][0]
        return self._turns.degrees[int(scores.argmax())] if scores.max() >= self._turns.least else 0


def open_page_turner(stage: Stage, session: Session) -> PageTurner:
    """The turner of a stage with the steps `view` and `turns`; raises BundleError where they do not fit."""
    return PageTurner(session, options_of(stage, ViewInput), options_of(stage, Turns))
