"""What a run gives: frozen results, each with the time that every stage took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Box",
    "Classification",
    "Detections",
    "Document",
    "Embedding",
    "Line",
    "Page",
    "Point",
    "Result",
    "Span",
    "Tensors",
    "Text",
    "Timings",
    "TokenClassification",
]

Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True)
class Timings:
    """Seconds of wall time. For inputs of one batch, `engine` and `postprocess` are this input's equal share.

    Of a page that is read, `engine` is finding and reading its lines, with what is done around both networks.
    """

    decode: float = 0.0
    preprocess: float = 0.0
    engine: float = 0.0
    postprocess: float = 0.0

    def to_json(self) -> dict[str, float]:
        """Milliseconds by stage."""
        return {f"{name}_ms": round(seconds * 1000, 4) for name, seconds in vars(self).items()}


@dataclass(frozen=True)
class Classification:
    """The best labels, best first, each with its score (a probability unless the model is a regression)."""

    labels: tuple[str, ...]
    scores: tuple[float, ...]
    timings: Timings = Timings()

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"labels": list(self.labels), "scores": list(self.scores), "timings": self.timings.to_json()}


@dataclass(frozen=True)
class Detections:
    """What an image shows, best scores first: for each thing its label, its score and its box.

    A box is left, top, right and bottom in pixels of the image that was given; it may reach over the edges.
    """

    labels: tuple[str, ...]
    scores: tuple[float, ...]
    boxes: tuple[Box, ...]
    timings: Timings = Timings()

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "labels": list(self.labels),
            "scores": list(self.scores),
            "boxes": [list(box) for box in self.boxes],
            "timings": self.timings.to_json(),
        }


@dataclass(frozen=True, eq=False)
class Embedding:
    """A vector, float32 of shape (dimension,)."""

    vector: NDArray[np.float32]
    timings: Timings = Timings()

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"vector": self.vector.tolist(), "timings": self.timings.to_json()}


@dataclass(frozen=True, eq=False)
class Tensors:
    """The network's raw outputs by name, batch included."""

    arrays: Mapping[str, NDArray[Any]]
    timings: Timings = Timings()

    def to_json(self) -> dict[str, Any]:
        """Names, dtypes and shapes; the values are what `--output` is for."""
        described = {name: {"dtype": str(one.dtype), "shape": list(one.shape)} for name, one in self.arrays.items()}
        return {"arrays": described, "timings": self.timings.to_json()}


@dataclass(frozen=True)
class Text:
    """What was read, and its tokens' ids with those that begin and end it. The decoder's time is in `postprocess`."""

    text: str
    tokens: tuple[int, ...]
    timings: Timings = Timings()

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"text": self.text, "tokens": list(self.tokens), "timings": self.timings.to_json()}


@dataclass(frozen=True)
class Span:
    """A part of a text with its label and score; `start` and `end` count characters (code points) of the text."""

    label: str
    text: str
    start: int
    end: int
    score: float


@dataclass(frozen=True)
class TokenClassification:
    """The best label of every token of a text, and the entities that neighbours with the same label make."""

    tokens: tuple[Span, ...]
    entities: tuple[Span, ...]
    timings: Timings = Timings()

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "entities": [vars(one) for one in self.entities],
            "tokens": [vars(one) for one in self.tokens],
            "timings": self.timings.to_json(),
        }


@dataclass(frozen=True)
class Line:
    """A line of text on a page, with its score: the mean of its characters'.

    `box` has four corners, clockwise from the top left *of the text*, in pixels of the page as it was given (its EXIF
    orientation applied). For each code point of `text` there are a score and a place: its centre along the line, from
    0 at the text's start to 1. A `vertical` line is read from top to bottom.
    """

    text: str
    score: float
    box: tuple[Point, Point, Point, Point]
    scores: tuple[float, ...] = ()
    places: tuple[float, ...] = ()
    vertical: bool = False

    @property
    def edges(self) -> tuple[float, ...]:
        """Where each character begins, and at last where the last one ends, from 0 to 1 along the line, ascending.

        Characters meet half-way between their centres. Without places they are equally wide.
        """
        count = len(self.text)
        places = self.places if len(self.places) == count else [(number + 0.5) / count for number in range(count)]
        if count < 2:
            return (0.0, 1.0)[: count + 1]
        inner = [(one + other) / 2 for one, other in pairwise(places)]
        ends = max(2 * places[0] - inner[0], 0.0), min(2 * places[-1] - inner[-1], 1.0)
        return tuple(accumulate([ends[0], *inner, ends[1]], max))

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "text": self.text,
            "score": round(self.score, 5),
            "box": [[round(x, 2), round(y, 2)] for x, y in self.box],
            "scores": [round(one, 5) for one in self.scores],
            "places": [round(one, 5) for one in self.places],
            "vertical": self.vertical,
        }


@dataclass(frozen=True)
class Page:
    """`lines` in reading order, and `paragraphs` of their indices; width and height in pixels.

    `turned` says by how many degrees clockwise (0, 90, 180, 270) its content is turned.
    """

    width: int
    height: int
    turned: int
    lines: tuple[Line, ...]
    paragraphs: tuple[tuple[int, ...], ...]

    @property
    def text(self) -> str:
        """A line of text for every line."""
        return "\n".join(line.text for line in self.lines)

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "width": self.width,
            "height": self.height,
            "turned": self.turned,
            "lines": [line.to_json() for line in self.lines],
            "paragraphs": [list(one) for one in self.paragraphs],
        }


@dataclass(frozen=True)
class Document:
    """What was read of an image or a file with several pages."""

    pages: tuple[Page, ...]
    timings: Timings = Timings()

    @property
    def text(self) -> str:
        """The text of its pages, an empty line between two."""
        return "\n\n".join(page.text for page in self.pages)

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"pages": [page.to_json() for page in self.pages], "timings": self.timings.to_json()}


Result = Classification | Detections | Document | Embedding | Tensors | Text | TokenClassification
