"""How right an artifact is, beside how fast: results of a labelled dataset against the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Accuracy(Record):
    """What one artifact made of a dataset.

    `errors` and `lengths` have a number for each input, in the dataset's order: for labels 0 (right) or 1 and 1, for
    texts the edits that lead to the truth and the characters of the truth. `metrics` are computed from them: `top1`,
    or `exact_match` and `cer` (character error rate, edits / characters: 0 is best). `failed` inputs gave no result and
    count as wrong. `digest` is the SHA-256 of names and truths: datasets with the same one are the same.
    """

    dataset: str
    digest: str
    inputs: int
    failed: int
    metrics: Mapping[str, float]
    errors: tuple[int, ...]
    lengths: tuple[int, ...]
