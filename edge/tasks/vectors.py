"""Post-processing steps that make one float32 vector per input out of the network's outputs.

The first step takes an output (`select`, `pool`), the others change its vectors (`softmax`, `sigmoid`, `l2_normalise`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.errors import BundleError
from edge.manifest import Step
from edge.records import Record

Arrays = Mapping[str, NDArray[Any]]
Vectors = NDArray[np.float32]
TINY = 1e-12


def _mean(tokens: Vectors, mask: Vectors) -> Vectors:
    mean: Vectors = _sum(tokens, mask) / np.maximum(mask.sum(axis=1, keepdims=True), np.float32(1e-9))
    return mean


def _mean_sqrt_len(tokens: Vectors, mask: Vectors) -> Vectors:
    mean: Vectors = _sum(tokens, mask) / np.sqrt(np.maximum(mask.sum(axis=1, keepdims=True), np.float32(1e-9)))
    return mean


def _weighted_mean(tokens: Vectors, mask: Vectors) -> Vectors:
    positions = np.arange(1, mask.shape[1] + 1) - mask.argmax(axis=1)[:, None]
    return _mean(tokens, (mask * positions).astype(np.float32))


def _max(tokens: Vectors, mask: Vectors) -> Vectors:
    found: Vectors = np.where(mask[:, :, None] == 0, np.float32(-np.inf), tokens).max(axis=1)
    return found


def _cls(tokens: Vectors, mask: Vectors) -> Vectors:
    first: Vectors = tokens[np.arange(len(tokens)), mask.argmax(axis=1)]
    return first


def _last_token(tokens: Vectors, mask: Vectors) -> Vectors:
    last: Vectors = tokens[np.arange(len(tokens)), mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)]
    return last


def _sum(tokens: Vectors, mask: Vectors) -> Vectors:
    summed: Vectors = np.matmul(mask[:, None, :], tokens)[:, 0]
    return summed


POOLING: Mapping[str, Callable[[Vectors, Vectors], Vectors]] = {
    "mean": _mean,
    "cls": _cls,
    "max": _max,
    "mean_sqrt_len_tokens": _mean_sqrt_len,
    "weightedmean": _weighted_mean,
    "lasttoken": _last_token,
}
"""sentence-transformers' modes: tokens (batch, sequence, width) and mask (batch, sequence) to (batch, width)."""


@dataclass(frozen=True, kw_only=True)
class Select(Record):
    """Take `output` as it is, flattened to (batch, width)."""

    output: str

    def take(self, outputs: Arrays, _feeds: Arrays) -> Vectors:
        """Vectors (batch, width)."""
        values = outputs[self.output]
        if not values.ndim:
            raise BundleError(f"select: the output {self.output!r} is one number, not one vector per input")
        return values.reshape(len(values), -1).astype(np.float32, copy=False)


@dataclass(frozen=True, kw_only=True)
class Pool(Record):
    """Pool the tokens of `output` by each of `modes`, concatenated.

    Padding is left out where there is an attention mask. An output (batch, channels, height, width) has its pixels as
    tokens.
    """

    output: str
    modes: tuple[str, ...]

    def __post_init__(self) -> None:
        unknown = [mode for mode in self.modes if mode not in POOLING]
        if unknown or not self.modes:
            raise BundleError(f"pool: the modes {list(self.modes)} are unknown or none (known: {', '.join(POOLING)})")

    def take(self, outputs: Arrays, feeds: Arrays) -> Vectors:
        """Vectors (batch, width x modes)."""
        tokens = outputs[self.output].astype(np.float32, copy=False)
        if tokens.ndim == 4:
            tokens = tokens.reshape(*tokens.shape[:2], -1).transpose(0, 2, 1)
        mask = feeds["attention_mask"] if "attention_mask" in feeds else np.ones(tokens.shape[:2])
        if tokens.ndim != 3 or mask.shape != tokens.shape[:2]:
            raise BundleError(f"pool: the output {self.output!r} has shape {tokens.shape}, it does not hold the tokens")
        pooled = [POOLING[mode](tokens, mask.astype(np.float32)) for mode in self.modes]
        return pooled[0] if len(pooled) == 1 else np.concatenate(pooled, axis=-1)


@dataclass(frozen=True, kw_only=True)
class Softmax(Record):
    """Probabilities that sum to one."""

    def __call__(self, vectors: Vectors) -> Vectors:
        """Stable for logits of any size."""
        powers = np.exp(vectors - vectors.max(axis=-1, keepdims=True))
        probabilities: Vectors = powers / powers.sum(axis=-1, keepdims=True)
        return probabilities


@dataclass(frozen=True, kw_only=True)
class Sigmoid(Record):
    """An independent probability for each."""

    def __call__(self, vectors: Vectors) -> Vectors:
        """Stable for logits of any size: the exponent is never positive."""
        power = np.exp(-np.abs(vectors))
        probabilities: Vectors = np.where(vectors >= 0, 1, power) / (1 + power)
        return probabilities


@dataclass(frozen=True, kw_only=True)
class Unit(Record):
    """Each vector to length one."""

    def __call__(self, vectors: Vectors) -> Vectors:
        """As torch's `normalize`: a zero vector stays zero."""
        lengths = np.sqrt(np.square(vectors).sum(axis=-1, keepdims=True))
        unit: Vectors = vectors / np.maximum(lengths, np.float32(TINY))
        return unit


VECTOR_STEPS: Mapping[str, type[Select | Pool | Softmax | Sigmoid | Unit]] = {
    "select": Select,
    "pool": Pool,
    "softmax": Softmax,
    "sigmoid": Sigmoid,
    "l2_normalise": Unit,
}


class VectorPipeline:
    """The vector steps of a stage, checked and ready to run."""

    def __init__(self, steps: Sequence[Step], outputs: Sequence[str]) -> None:
        """`outputs` are the network's names; raises BundleError for unknown steps, options or outputs."""
        parsed = [_parse(step) for step in steps]
        if not parsed or not isinstance(parsed[0], Select | Pool):
            raise BundleError("post-processing must begin with select or pool")
        self._source = parsed[0]
        if self._source.output not in outputs:
            raise BundleError(f"post-processing takes the output {self._source.output!r}, which the network lacks")
        self._changes = [step for step in parsed[1:] if isinstance(step, Softmax | Sigmoid | Unit)]
        if len(self._changes) != len(parsed) - 1:
            raise BundleError("post-processing takes an output twice")

    def __call__(self, outputs: Arrays, feeds: Arrays) -> Vectors:
        """float32 (batch, width); the mask of `pool` comes from `feeds`."""
        vectors = self._source.take(outputs, feeds)
        for change in self._changes:
            vectors = change(vectors)
        return vectors


def _parse(step: Step) -> Select | Pool | Softmax | Sigmoid | Unit:
    if step.kind not in VECTOR_STEPS:
        known = ", ".join(VECTOR_STEPS)
        raise BundleError(
            f"the post-processing step {step.kind!r} is unknown (known: {known})", remedy="update edgepack"
        )
    parsed = VECTOR_STEPS[step.kind].from_json(dict(step.options), step.kind)
    if parsed.extra:
        raise BundleError(f"{step.kind}: the option {min(parsed.extra)!r} is unknown", remedy="update edgepack")
    return parsed
