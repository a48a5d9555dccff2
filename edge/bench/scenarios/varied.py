"""Queries whose inputs differ in size, as those of users do."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from edge.bench.plan import Plan
from edge.bench.subject import Subject, Times, given_inputs, golden_feeds, timed
from edge.engines import Array, Session
from edge.golden import read_golden
from edge.manifest import Stage
from edge.preprocess.images import Picture
from edge.preprocess.pages import pages

SMALLEST = 1 / 4
"""Of an image's side, and of a text's words, where one input is all that there is to vary."""


@dataclass(frozen=True)
class Query:
    """`key` is equal for inputs that are."""

    key: Hashable
    run: Callable[[], Times]


def varied_queries(subject: Subject, plan: Plan) -> Iterator[Query]:
    """Without an end, each of `plan.batch` inputs, chosen by `plan.seed`.

    Inputs of a folder or of a file with several texts come in changing order. A single image is cropped, a single text
    cut off. Without an input, golden vectors get sizes between the smallest and the largest that they have, wherever
    the network leaves a size open. Raises InputError for an input that cannot be read.
    """
    chance = random.Random(plan.seed)  # noqa: S311 (an order, no secret)
    if not plan.input:
        return _fed(subject, plan, chance)
    given = list(given_inputs(subject.model.kind, plan.input))
    one_by_one = _shuffled(given, chance) if len(given) > 1 else _parts(subject.model.kind, given[0], chance)
    return (
        Query(tuple(key for key, _ in batch), partial(timed, subject.model, [value for _, value in batch]))
        for batch in iter(lambda: tuple(itertools.islice(one_by_one, plan.batch)), ())
    )


def _shuffled(values: Sequence[Any], chance: random.Random) -> Iterator[tuple[Hashable, Any]]:
    while True:
        for place in chance.sample(range(len(values)), len(values)):
            yield place, values[place]


def _parts(kind: str, value: Any, chance: random.Random) -> Iterator[tuple[Hashable, Any]]:
    if kind in {"image", "page"}:
        picture = Picture(next(pages(value)).image.convert("RGB"))  # a page may be grey, arrays may not
        while True:
            sizes = tuple(chance.randint(math.ceil(side * SMALLEST), side) for side in (picture.height, picture.width))
            top, left = (
                chance.randint(0, side - size)
                for side, size in zip((picture.height, picture.width), sizes, strict=True)
            )
            yield (*sizes, top, left), picture.window(top, left, *sizes).array()
    words = value.split() if kind == "text" else []
    while True:
        count = chance.randint(math.ceil(len(words) * SMALLEST), len(words))
        yield count, " ".join(words[:count]) or value


def _fed(subject: Subject, plan: Plan, chance: random.Random) -> Iterator[Query]:
    bundle = subject.model.bundle
    stage = bundle.manifest.stages[0]
    _, feeds = golden_feeds(bundle, stage, plan.batch)
    ranges = open_sizes(stage, [golden.inputs for golden in read_golden(bundle, stage)])
    while True:
        drawn = {symbol: chance.choice(sizes) for symbol, sizes in ranges.items()}
        shapes = {
            spec.name: tuple(
                drawn.get(size, have) if axis and isinstance(size, str) else have
                for axis, (size, have) in enumerate(zip(spec.shape, feeds[spec.name].shape, strict=True))
            )
            for spec in stage.inputs
        }
        resized = {name: np.resize(array, shapes[name]) for name, array in feeds.items()}
        yield Query(tuple(drawn.items()), partial(_run, subject.model.session, resized))


def _run(session: Session, feeds: Mapping[str, Array]) -> Times:
    session.run(feeds)
    return {}


def open_sizes(stage: Stage, examples: Sequence[Mapping[str, Array]]) -> dict[str, range]:
    """The sizes that each symbol behind the batch may have: from the smallest seen to the largest.

    Steps are as large as all that were seen allow: a network that was shown 64 and 96 may want multiples of 32.
    """
    seen: dict[str, set[int]] = {}
    for spec in stage.inputs:
        for axis, size in enumerate(spec.shape):
            if axis and isinstance(size, str):
                seen.setdefault(size, set()).update(one[spec.name].shape[axis] for one in examples)
    return {symbol: range(min(sizes), max(sizes) + 1, math.gcd(*sizes)) for symbol, sizes in seen.items()}
