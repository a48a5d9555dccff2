from __future__ import annotations

import itertools

import numpy as np
import pytest

from packager.errors import UnsupportedModelError
from packager.lower.legalise import legalise
from tests.support.legalised import legalised
from tests.support.programs import ProgramMaker

DTYPES = ("bool", "int32", "int64", "float32", "uint8")


@pytest.mark.parametrize(("start", "end"), [p for p in itertools.permutations(DTYPES, 2) if p[1] != "uint8"])
def test_every_pair_of_dtypes(start: str, end: str) -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", (2, 5))
    given = maker.truth(x) if start == "bool" else maker.cast(x, start)
    program = maker.program(y=maker.cast(maker.cast(given, end), "float32"))
    feeds = {"x": np.array([[0, 0.5, 1, 2, 7], [3, 0, 250, 1, 0]], np.float32)}
    legalised(program, feeds, "paddlelite")


def test_float64_is_refused() -> None:
    maker = ProgramMaker()
    x = maker.input("x", "float32", (2, 5))
    program = maker.program(y=maker.cast(x, "float64"))
    with pytest.raises(UnsupportedModelError, match="no float64"):
        legalise(program, "paddlelite")
