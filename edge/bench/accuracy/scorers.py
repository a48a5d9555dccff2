"""One registry: how a task's datasets are read, and what its results are worth.

A new task, or a new kind of dataset, is a function and an entry here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.bench.accuracy.dataset import Example
from edge.bench.accuracy.labelled import labelled_images, labelled_texts
from edge.bench.accuracy.texts import edit_distance, plain_text
from edge.bench.accuracy.transcribed import transcribed_images
from edge.bundle import Bundle
from edge.errors import InputError
from edge.results import Classification, Document, Result, Text


@dataclass(frozen=True)
class Score:
    """`errors` of `length` things that could be right; an input without a result has `length` errors or more."""

    errors: int
    length: int


@dataclass(frozen=True)
class Scorer:
    """`examples` reads a dataset (its path, the bundle, tags to choose by); `score` takes None for no result."""

    examples: Callable[[Path, Bundle, Sequence[str]], list[Example]]
    score: Callable[[Result | None, str], Score]
    metrics: Callable[[Sequence[Score]], Mapping[str, float]]


def score_label(result: Result | None, truth: str) -> Score:
    """Right where the best label is the truth."""
    right = isinstance(result, Classification) and result.labels[:1] == (truth,)
    return Score(0 if right else 1, 1)


def score_text(result: Result | None, truth: str) -> Score:
    """Edits between the text that was read and the truth, both as `plain_text`."""
    wanted = plain_text(truth)
    if not isinstance(result, Text | Document):
        return Score(max(len(wanted), 1), len(wanted))
    return Score(edit_distance(plain_text(result.text), wanted), len(wanted))


def top1(scores: Sequence[Score]) -> Mapping[str, float]:
    """The share that is right."""
    return {"top1": sum(not one.errors for one in scores) / len(scores)}


def exact_match_and_cer(scores: Sequence[Score]) -> Mapping[str, float]:
    """The share of texts without an error, and edits per character over all texts: it may be over 1."""
    return {
        "exact_match": sum(not one.errors for one in scores) / len(scores),
        "cer": sum(one.errors for one in scores) / max(sum(one.length for one in scores), 1),
    }


SCORERS: Mapping[str, Scorer] = {
    "image-classification": Scorer(labelled_images, score_label, top1),
    "text-classification": Scorer(labelled_texts, score_label, top1),
    "image-to-text": Scorer(transcribed_images, score_text, exact_match_and_cer),
    "ocr": Scorer(transcribed_images, score_text, exact_match_and_cer),
}


def scorer_of(task: str) -> Scorer:
    """Raises InputError for a task whose results nobody can judge yet."""
    if task not in SCORERS:
        raise InputError(
            f"the task {task} has no measure of accuracy",
            remedy=f"leave out --dataset (it goes with {', '.join(SCORERS)})",
        )
    return SCORERS[task]
