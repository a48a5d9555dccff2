"""How far a result is from fp32's, where no label tells what is right: one registry by the kind of result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from edge.bench.accuracy.scorers import Score, score_label, score_text
from edge.results import Box, Classification, Detections, Document, Result, Text, TokenClassification

SAME_BOX = 0.5
"""Of the union of two boxes that both cover: from there on they show one thing (as in PASCAL VOC)."""


def same_label(found: Result | None, wanted: Classification) -> Score:
    """Whether the best label is the same."""
    return score_label(found, wanted.labels[0])


def same_text(found: Result | None, wanted: Text | Document) -> Score:
    """Edits between both texts."""
    return score_text(found, wanted.text)


def same_tokens(found: Result | None, wanted: TokenClassification) -> Score:
    """Tokens with another label."""
    labels = [one.label for one in wanted.tokens]
    others = [one.label for one in found.tokens] if isinstance(found, TokenClassification) else []
    if len(others) != len(labels):
        return Score(max(len(labels), 1), len(labels))
    return Score(sum(one != other for one, other in zip(labels, others, strict=True)), len(labels))


def same_boxes(found: Result | None, wanted: Detections) -> Score:
    """Boxes without a partner of the same label, on either side."""
    left = list(zip(found.labels, found.boxes, strict=True)) if isinstance(found, Detections) else []
    missed = 0
    for label, box in zip(wanted.labels, wanted.boxes, strict=True):
        partner = max(
            (place for place, (other, _) in enumerate(left) if other == label),
            key=lambda place: overlap(left[place][1], box),
            default=None,
        )
        if partner is not None and overlap(left[partner][1], box) >= SAME_BOX:
            del left[partner]
        else:
            missed += 1
    return Score(missed + len(left), len(wanted.boxes))


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(wide, 0.0) * max(high, 0.0)
    union = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)) - shared
    return shared / union if union > 0 else 0.0


AGREEMENT: Mapping[type, Callable[[Result | None, Any], Score]] = {
    Classification: same_label,
    Text: same_text,
    Document: same_text,
    TokenClassification: same_tokens,
    Detections: same_boxes,
}
