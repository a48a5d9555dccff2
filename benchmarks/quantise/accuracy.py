"""What a quantised bundle loses on data that neither training nor the packager has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quantise.bundles import ENGINE
from edge import load
from edge.bench.accuracy.dataset import Example
from edge.bench.accuracy.evaluate import open_dataset
from edge.bundle import Bundle
from edge.quantisation import Interval
from packager.quantise.judge.accuracy import Reference, reference


@dataclass(frozen=True)
class Judge:
    """fp32 on a test set."""

    fp32: Reference

    def drop(self, other: Bundle) -> Interval:
        """Points that are lost against it."""
        with load(other.path, engine=ENGINE) as model:
            return self.fp32.drop(model)


def judge(fp32: Bundle, test: Path | Sequence[str]) -> Judge:
    """A labelled dataset, or texts whose vectors are compared with each other."""
    examples = (
        open_dataset(test, fp32).examples
        if isinstance(test, Path)
        else tuple(Example(f"text {number}", text, "") for number, text in enumerate(test, 1))
    )
    with load(fp32.path, engine=ENGINE) as model:
        return Judge(reference(model, examples, labelled=isinstance(test, Path)))
