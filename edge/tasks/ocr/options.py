"""What a bundle says about its OCR stages: the options of their steps, which the packager writes from a recipe.

| stage | pre-processing | post-processing |
|---|---|---|
| `detect` | `page` | `text-boxes` |
| `turn-page` (optional) | `view` | `turns` |
| `turn-line` (optional) | `line` | `turns` |
| `recognise` | `line` | `ctc` |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from edge.errors import BundleError
from edge.manifest import Stage, Step
from edge.preprocess.images import MAX_PIXELS
from edge.records import Record

DETECT, TURN_PAGE, TURN_LINE, RECOGNISE = "detect", "turn-page", "turn-line", "recognise"
ORDERS = ("rgb", "bgr")
LONGEST_LINE = 1 << 14


@dataclass(frozen=True, kw_only=True)
class Colours(Record):
    """Pixels as a network wants them: (value * scale - mean) / std, channel by channel in the order `rgb` or `bgr`.

    `mean` and `std` are in that order, too.
    """

    order: str
    scale: float
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.order not in ORDERS or len(self.mean) != 3 or len(self.std) != 3 or not all(self.std):
            raise BundleError(f"colours: the order is one of {', '.join(ORDERS)}, mean and std have 3 values, std no 0")


@dataclass(frozen=True, kw_only=True)
class PageInput(Record):
    """Step `page`: how large a page is looked at.

    Sides are filled up to multiples of `multiple`. A page over `most_pixels` is shrunk to that at first. Where boxes
    around text are then lower than `text_height` pixels, it is looked at again more closely.
    """

    colours: Colours
    multiple: int
    most_pixels: int
    text_height: float

    def __post_init__(self) -> None:
        _only_known(self, "page")
        if not 1 <= self.multiple**2 <= self.most_pixels <= MAX_PIXELS or not 0 <= self.text_height <= LONGEST_LINE:
            raise BundleError(f"page: {self.most_pixels} pixels in steps of {self.multiple} cannot be looked at")


@dataclass(frozen=True, kw_only=True)
class TextBoxes(Record):
    """Step `text-boxes`: from a map of probabilities to boxes (DB, Liao et al. 2020, arXiv 1911.08947).

    A pixel over `threshold` is text; regions whose mean is under `least_score` are dropped; their outline is pushed
    out by `unclip` times area over perimeter. `dilate` joins neighbouring pixels first. At most `most` regions.
    """

    threshold: float
    least_score: float
    unclip: float
    dilate: bool
    most: int

    def __post_init__(self) -> None:
        _only_known(self, "text-boxes")
        if not 0 < self.threshold < 1 or not 0 <= self.least_score <= 1 or not 0 < self.unclip <= 10 or self.most < 1:
            raise BundleError("text-boxes: a threshold, score, ratio or number is out of range")


@dataclass(frozen=True, kw_only=True)
class ViewInput(Record):
    """Step `view`: the shorter side is scaled to `side`, then the middle of `height` x `width` is taken."""

    colours: Colours
    side: int
    height: int
    width: int

    def __post_init__(self) -> None:
        _only_known(self, "view")
        if not 1 <= max(self.height, self.width) <= self.side <= LONGEST_LINE:
            raise BundleError(f"view: {self.height} x {self.width} cannot be cut from a side of {self.side}")


@dataclass(frozen=True, kw_only=True)
class Turns(Record):
    """Step `turns`: class n is content turned clockwise by `degrees[n]`; believed from the probability `least` on."""

    degrees: tuple[int, ...]
    least: float

    def __post_init__(self) -> None:
        _only_known(self, "turns")
        if not self.degrees or not set(self.degrees) <= {0, 90, 180, 270} or not 0 <= self.least <= 1:
            raise BundleError(f"turns: {self.degrees} from {self.least} on are no turns")


@dataclass(frozen=True, kw_only=True)
class LineInput(Record):
    """Step `line`: a line is scaled to `height` and padded on the right to one of `widths` (ascending).

    Its width is in proportion, times `stretch`: narrow characters take less time, and networks read them as well. What
    is wider than the last of `widths` is, where a stage may see less, squeezed into it (`turn-line`), or read in parts
    that overlap (`recognise`).
    """

    colours: Colours
    height: int
    widths: tuple[int, ...]
    stretch: float = 1.0

    def __post_init__(self) -> None:
        _only_known(self, "line")
        if not 0.25 <= self.stretch <= 4:
            raise BundleError(f"line: a stretch of {self.stretch} cannot be read")
        ascending = list(self.widths) == sorted(set(self.widths))
        if not self.widths or not ascending or min(self.height, *self.widths) < 1 or self.widths[-1] > LONGEST_LINE:
            raise BundleError(f"line: height {self.height} and widths {self.widths} are no sizes")


@dataclass(frozen=True, kw_only=True)
class Ctc(Record):
    """Step `ctc`: class `blank` is no character, the others are those of `file` (one a line) in order.

    With `space` one more class at the end is the space. Lines whose mean score is under `least_score` are dropped.
    Between two letters without a space, a step that says space with the probability `faint_space` is one all the same.
    """

    file: str
    blank: int
    space: bool
    least_score: float = 0.5
    faint_space: float = 1.0

    def __post_init__(self) -> None:
        _only_known(self, "ctc")
        if self.blank < 0:
            raise BundleError(f"ctc: the class {self.blank} cannot be the blank")


STEPS: Mapping[str, type[Record]] = {
    "page": PageInput,
    "text-boxes": TextBoxes,
    "view": ViewInput,
    "turns": Turns,
    "line": LineInput,
    "ctc": Ctc,
}

Options = TypeVar("Options", bound=Record)


def options_of(stage: Stage, wanted: type[Options]) -> Options:
    """The options of the stage's only step of that class; raises BundleError where it has another."""
    for steps in (stage.preprocess, stage.postprocess):
        if len(steps) == 1 and STEPS.get(steps[0].kind) is wanted:
            return wanted.from_json(dict(steps[0].options), steps[0].kind)
    kind = next(kind for kind, record in STEPS.items() if record is wanted)
    raise BundleError(f"stage {stage.name!r} lacks the step {kind!r}", remedy="update edgepack")


def step_of(options: Record) -> Step:
    """The step that a manifest holds for these options."""
    kind = next(kind for kind, record in STEPS.items() if record is type(options))
    return Step(kind=kind, options=options.to_json())


def _only_known(options: Record, kind: str) -> None:
    if options.extra:
        raise BundleError(f"{kind}: the option {min(options.extra)!r} is unknown", remedy="update edgepack")
