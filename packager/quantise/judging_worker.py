"""The child that runs fp32 and the candidates on held-out inputs."""

from __future__ import annotations

from typing import Any

import edge
from edge.bench.accuracy.dataset import Example
from edge.errors import EdgeError
from packager.quantise.judge.accuracy import Reference, reference


def run(request: dict[str, Any]) -> dict[str, Any]:
    """`{"score", "fp32", "drops"}`: an interval for each candidate, or in one line why there is none."""
    examples = [
        Example(name, given, truth)
        for name, given, truth in zip(request["names"], request["inputs"], request["truths"], strict=True)
    ]
    with edge.load(request["fp32"], engine=request["engine"]) as fp32:
        known = reference(fp32, examples, labelled=bool(examples[0].truth))
    drops = [_drop(known, path, request["engine"]) for path in request["candidates"]]
    return {"score": known.score, "fp32": known.fp32, "drops": drops}


def _drop(known: Reference, path: str, engine: str) -> dict[str, Any] | str:
    try:
        with edge.load(path, engine=engine) as model:
            return known.drop(model).to_json()
    except EdgeError as error:
        return error.message
