"""Token after token from a decoder, the likeliest each time, to a text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.bundle import Bundle
from edge.engines.base import Session
from edge.errors import BundleError
from edge.manifest import Stage
from edge.preprocess.text import TextDecoder
from edge.records import Record
from edge.results import Text
from edge.tasks.vectors import Arrays

LONGEST = 100_000
TOKENS = "input_ids"


@dataclass(frozen=True, kw_only=True)
class Greedy(Record):
    """Options of the step `greedy`.

    A text begins with the token `start` and ends with `end`, or where it has `max_length` tokens, both counted; `file`
    is the bundle's tokenizer.json.
    """

    file: str
    start: int
    end: int
    max_length: int

    def __post_init__(self) -> None:
        if self.extra:
            raise BundleError(f"greedy: the option {min(self.extra)!r} is unknown", remedy="update edgepack")
        if not 1 < self.max_length <= LONGEST:
            raise BundleError(f"greedy: a length of {self.max_length} tokens is not possible")


class Read:
    """Runs the decoder, the bundle's last stage, on what the stage before it gives."""

    def __init__(self, stage: Stage, bundle: Bundle, _top_k: int | None) -> None:
        """`session`, the decoder's, is to be set before the first call.

        Raises BundleError for steps, inputs or a tokenizer that do not fit.
        """
        if [step.kind for step in stage.postprocess] != ["greedy"]:
            raise BundleError("the decoder's post-processing must be greedy")
        self._options = Greedy.from_json(dict(stage.postprocess[0].options), "greedy")
        names = [spec.name for spec in stage.inputs]
        if TOKENS not in names or len(names) != 2 or [len(spec.shape) for spec in stage.outputs] != [2]:
            raise BundleError(f"stage {stage.name!r} is no decoder: it takes {', '.join(names)}")
        self._memory = next(name for name in names if name != TOKENS)
        self._scores = stage.outputs[0].name
        self.session: Session | None = None
        self._decoder = TextDecoder(bundle.file(self._options.file))

    def __call__(self, outputs: Arrays, _feeds: Arrays, _prepared: object = None) -> list[Text]:
        """One text for every input of the batch; `outputs` are those of the stage before."""
        if self._memory not in outputs:
            raise BundleError(f"the decoder takes {self._memory!r}, which the stage before does not give")
        if self.session is None:
            raise BundleError("the decoder has not been started")
        memory = outputs[self._memory]
        rows = self._tokens(memory, self.session)
        return [Text(self._decoder.decode(tokens), tokens) for tokens in map(self._ended, rows)]

    def _tokens(self, memory: NDArray[np.generic], session: Session) -> list[list[int]]:
        """int64 (batch, length); what follows the end in a shorter row has no meaning."""
        tokens = np.full((len(memory), 1), self._options.start, np.int64)
        ended = np.zeros(len(memory), np.bool_)
        while tokens.shape[1] < self._options.max_length and not ended.all():
            scores = session.run({TOKENS: tokens, self._memory: memory})[self._scores]
            following = scores.argmax(axis=-1).astype(np.int64)
            tokens = np.concatenate([tokens, following[:, None]], axis=1)
            ended |= following == self._options.end
        return [[int(token) for token in row] for row in tokens]

    def _ended(self, row: list[int]) -> tuple[int, ...]:
        """The tokens up to the end, with both ends; the first token may be the one that ends texts, too."""
        end = self._options.end
        return tuple(row[: row.index(end, 1) + 1] if end in row[1:] else row)
