"""What candidates are judged against: fp32 on held-out inputs, with labels or with its own answers as the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from edge.bench.accuracy.dataset import Example
from edge.bench.accuracy.scorers import Score, scorer_of
from edge.errors import CheckError, InputError
from edge.model import Model
from edge.quantisation import Interval
from edge.results import Embedding, Result, Tensors
from packager.quantise.judge.agreement import AGREEMENT
from packager.quantise.judge.paired import POINTS, lost
from packager.quantise.judge.vectors import Vectors, direction_loss, finite, rank_loss

FEWEST = 8
"""Answers that an interval can be said of: labels, characters or vectors."""


class Reference(Protocol):
    """fp32 on the held-out inputs.

    `score` is `top1`, `cer`, `agreement`, `spearman` or `cosine`, `fp32` fp32's own value of it in points: of `cer`
    0 is best, of the others 100.
    """

    @property
    def score(self) -> str:
        """What is judged."""

    @property
    def fp32(self) -> float:
        """What fp32 has of it, in points."""

    @property
    def inputs(self) -> int:
        """How many are judged on."""

    def drop(self, model: Model) -> Interval:
        """Points that the model loses against fp32; raises CheckError where its outputs are no numbers."""
        ...


@dataclass(frozen=True)
class Counted:
    """Errors can be counted: `errors` and `lengths` are fp32's, `compare` takes a result and the truth of its input."""

    score: str
    fp32: float
    given: Sequence[Any]
    truths: Sequence[Any]
    compare: Callable[[Result | None, Any], Score]
    errors: Sequence[int]
    lengths: Sequence[int]

    @property
    def inputs(self) -> int:
        """How many are judged on."""
        return len(self.given)

    def drop(self, model: Model) -> Interval:
        """See `Reference.drop`."""
        scores = _compared(self.compare, model, self.given, self.truths)
        return lost(self.errors, [one.errors for one in scores], self.lengths)


@dataclass(frozen=True)
class Measured:
    """Results are vectors: embeddings by how they rank pairs of inputs, other outputs by their direction.

    `outputs` holds for each output of the network fp32's arrays, one for each input.
    """

    score: str
    given: Sequence[Any]
    outputs: Sequence[Sequence[Vectors]]
    loss: Callable[[Sequence[Vectors], Sequence[Vectors]], Interval]
    fp32: float = POINTS

    @property
    def inputs(self) -> int:
        """How many are judged on."""
        return len(self.given)

    def drop(self, model: Model) -> Interval:
        """See `Reference.drop`; of several outputs the one that loses most."""
        found = list(_answers(model, self.given))
        missing = found.count(None)
        if missing:
            raise CheckError(f"{missing} of {len(found)} inputs have no result", remedy="keep more of it in float")
        losses = map(self.loss, self.outputs, _outputs(found))
        return max(losses, key=lambda one: one.value)


def reference(fp32: Model, examples: Sequence[Example], *, labelled: bool) -> Reference:
    """Run fp32 over the examples; without labels, its own answers become the truth, and what it refuses is left out.

    Raises InputError for fewer than FEWEST answers, or `labelled` ones of a task that has no measure of accuracy.
    """
    given = [one.given for one in examples]
    if labelled:
        scorer = scorer_of(fp32.bundle.manifest.task)
        truths = [one.truth for one in examples]
        scores = _compared(scorer.score, fp32, given, truths)
        name = list(scorer.metrics(scores))[-1]  # of texts the character errors, which tell more than exact matches
        return _counted(name, scorer.metrics(scores)[name] * POINTS, given, truths, scorer.score, scores)
    pairs = [(one, result) for one, result in zip(given, _answers(fp32, given), strict=True) if result is not None]
    given, results = [one for one, _ in pairs], [result for _, result in pairs]
    if not results or isinstance(results[0], Embedding | Tensors):
        _require_enough(len(results))
        score, loss = ("spearman", rank_loss) if isinstance(results[0], Embedding) else ("cosine", direction_loss)
        return Measured(score, given, _outputs(results), loss)
    compare = AGREEMENT[type(results[0])]
    return _counted("agreement", POINTS, given, results, compare, [compare(one, one) for one in results])


def _counted(
    score: str,
    fp32: float,
    given: Sequence[Any],
    truths: Sequence[Any],
    compare: Callable[[Result | None, Any], Score],
    scores: Sequence[Score],
) -> Counted:
    _require_enough(sum(one.length for one in scores))
    errors, lengths = [one.errors for one in scores], [one.length for one in scores]
    return Counted(score, fp32, given, truths, compare, errors, lengths)


def _answers(model: Model, given: Sequence[Any]) -> Iterator[Result | None]:
    """One at a time: what else is in a batch changes what dynamic quantisation rounds to."""
    for outcome in model.outcomes(given):
        yield None if isinstance(outcome, InputError) else outcome


def _compared(
    compare: Callable[[Result | None, Any], Score], model: Model, given: Sequence[Any], truths: Sequence[Any]
) -> list[Score]:
    return [compare(result, truth) for result, truth in zip(_answers(model, given), truths, strict=True)]


def _arrays(result: Result | None) -> list[Any]:
    """The embedding's vector, or every output; nothing of no result."""
    if isinstance(result, Embedding):
        return [result.vector]
    return [result.arrays[name] for name in sorted(result.arrays)] if isinstance(result, Tensors) else []


def _outputs(results: Sequence[Result | None]) -> list[list[Vectors]]:
    return [finite(column) for column in zip(*map(_arrays, results), strict=True)]


def _require_enough(answers: int) -> None:
    if answers < FEWEST:
        raise InputError(
            f"the held-out inputs have {answers} answers to judge by, {FEWEST} are needed at least",
            remedy="give more inputs to --calibration",
        )
