"""Logits of every token to the best label of each, and to the entities that these make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from edge.bundle import Bundle
from edge.errors import BundleError
from edge.manifest import Stage
from edge.preprocess.text import Tokenise, Tokens
from edge.records import Record
from edge.results import TokenClassification
from edge.tasks.entities import entities, span
from edge.tasks.labels import Labels, read_labels
from edge.tasks.vectors import Arrays, VectorPipeline


@dataclass(frozen=True, kw_only=True)
class Entities(Record):
    """How labels make entities: tokens of the label `outside` belong to none."""

    outside: str


class LabelTokens:
    """Vector steps on the tokens that show something of their text, then `labels`, then `entities`."""

    def __init__(self, stage: Stage, bundle: Bundle, _top_k: int | None) -> None:
        """Raises BundleError for steps or labels that do not fit."""
        before, after = stage.preprocess, stage.postprocess
        if [step.kind for step in before] != ["tokenise"]:
            raise BundleError("only the tokens of a text are labelled: pre-processing must be tokenise")
        if [step.kind for step in after[-2:]] != ["labels", "entities"] or after[0].kind != "select":
            raise BundleError("the labels of tokens must begin with select and end with labels and entities")
        self._tokenise = Tokenise.from_json(dict(before[0].options), "tokenise")
        self._output = str(after[0].options.get("output"))
        self._vectors = VectorPipeline(after[:-2], [spec.name for spec in stage.outputs])
        self._labels = read_labels(bundle, Labels.from_json(dict(after[-2].options), "labels").file)
        self._outside = Entities.from_json(dict(after[-1].options), "entities").outside

    def __call__(self, outputs: Arrays, feeds: Arrays, prepared: Sequence[Tokens]) -> list[TokenClassification]:
        """One result per text; padding and special tokens are in none."""
        logits = outputs[self._output]
        shape = next(iter(feeds.values())).shape
        if logits.shape != (*shape, len(self._labels)):
            raise BundleError(f"the network gives {logits.shape} for {shape} tokens and {len(self._labels)} labels")
        return [self._read(row, tokens) for row, tokens in zip(logits, prepared, strict=True)]

    def _read(self, logits: NDArray[Any], text: Tokens) -> TokenClassification:
        """Of one text; `logits` are (length, labels), padding included."""
        own = logits[self._tokenise.place(len(text.ids), len(logits))]
        shown = [at for at, (start, end) in enumerate(text.offsets) if start < end]
        if not shown:
            return TokenClassification((), ())
        scores = self._vectors({self._output: own[shown]}, {})
        best = scores.argmax(axis=-1)
        tokens = tuple(
            span(text.text, self._labels[label], text.offsets[at], float(row[label]))
            for at, row, label in zip(shown, scores, best, strict=True)
        )
        return TokenClassification(tokens, entities(text.text, tokens, self._outside))
