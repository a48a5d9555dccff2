from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from edge.results import Classification, Detections, Embedding, Result, Span, Tensors, Timings, TokenClassification

TIMINGS = Timings(decode=0.001, preprocess=0.002, engine=0.01, postprocess=0.0005)
ADA = Span("B-PER", "Ada", 0, 3, 0.5)
RESULTS: list[tuple[Result, dict[str, object]]] = [
    (Classification(("a",), (0.5,), TIMINGS), {"labels": ["a"], "scores": [0.5]}),
    (
        Detections(("a",), (0.5,), ((1.0, 2.0, 3.0, 4.0),), TIMINGS),
        {"labels": ["a"], "scores": [0.5], "boxes": [[1.0, 2.0, 3.0, 4.0]]},
    ),
    (Embedding(np.array([0.5, -1], np.float32), TIMINGS), {"vector": [0.5, -1.0]}),
    (TokenClassification((ADA,), (), TIMINGS), {"entities": [], "tokens": [vars(ADA)]}),
    (Tensors({"y": np.zeros((2, 3), np.int64)}, TIMINGS), {"arrays": {"y": {"dtype": "int64", "shape": [2, 3]}}}),
]


@pytest.mark.parametrize(("result", "expected"), RESULTS)
def test_json_is_plain_data(result: Result, expected: dict[str, object]) -> None:
    times = {"decode_ms": 1.0, "preprocess_ms": 2.0, "engine_ms": 10.0, "postprocess_ms": 0.5}
    assert json.loads(json.dumps(result.to_json())) == {**expected, "timings": times}


@pytest.mark.parametrize("result", [result for result, _ in RESULTS])
def test_results_cannot_be_changed(result: Result) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.timings = Timings()  # type: ignore[misc]
