"""Runs a model over a dataset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from edge.bench.accuracy import Accuracy
from edge.bench.accuracy.dataset import Dataset, make_dataset
from edge.bench.accuracy.scorers import scorer_of
from edge.bundle import Bundle
from edge.errors import InputError
from edge.runtime import Model


def open_dataset(path: Path, bundle: Bundle, tags: Sequence[str] = ()) -> Dataset:
    """The dataset in the form that the bundle's task has; nothing is run.

    Raises InputError for a dataset that cannot be read, or a task that has no measure of accuracy.
    """
    return make_dataset(path, scorer_of(bundle.manifest.task).examples(path, bundle, tags))


def evaluate(
    model: Model, dataset: Dataset, batch: int = 1, interrupted: Callable[[], bool] = lambda: False
) -> Accuracy | None:
    """Every example through the whole runtime, `batch` at a time; one that the model refuses counts as wrong.

    None where it was `interrupted`: the first examples of a dataset need not be like the others.
    """
    scorer = scorer_of(model.bundle.manifest.task)
    scores, failed = [], 0
    outcomes = model.outcomes((one.given for one in dataset.examples), batch)
    for outcome, example in zip(outcomes, dataset.examples, strict=True):
        result = None if isinstance(outcome, InputError) else outcome
        failed += result is None
        if interrupted():
            return None
        scores.append(scorer.score(result, example.truth))
    return Accuracy(
        dataset=dataset.name,
        digest=dataset.digest,
        inputs=len(scores),
        failed=failed,
        metrics=scorer.metrics(scores),
        errors=tuple(one.errors for one in scores),
        lengths=tuple(one.length for one in scores),
    )
