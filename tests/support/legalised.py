"""The question that every legalisation test asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packager.lower.legalise import legalise
from packager.lower.program import Program
from tests.support.engines import run_everywhere

PADDLE_HOP = {"onnxruntime": "paddle-onnx", "paddlelite": "paddle-lite"}


def legalised(
    program: Program, feeds: Mapping[str, NDArray[Any]] | Sequence[Mapping[str, NDArray[Any]]], engine: str
) -> Program:
    """The program for the engine, whose results in Paddle and in the engine were found equal to the neutral ones."""
    hops = ("paddle", PADDLE_HOP[engine], engine)
    results = run_everywhere(program, feeds, hops=hops)
    for hop in hops[1:]:
        for expected, actual in zip(results["paddle"], results[hop], strict=True):
            assert set(actual) == {spec.name for spec in program.outputs}
            for name, array in expected.items():
                assert actual[name].shape == array.shape, hop
                np.testing.assert_allclose(
                    np.asarray(actual[name], float), np.asarray(array, float), rtol=2e-6, atol=2e-6, err_msg=hop
                )
    return legalise(program, engine)


def types(program: Program) -> list[str]:
    """The operators' types in order."""
    return [op.type for op in program.ops]
