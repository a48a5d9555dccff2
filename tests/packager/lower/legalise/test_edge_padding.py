from __future__ import annotations

import numpy as np
import pytest

from packager.errors import UnsupportedModelError
from packager.lower.legalise import legalise
from packager.lower.program import Program
from tests.support.legalised import legalised, types
from tests.support.programs import ProgramMaker


def padded(mode: str, height: int | str, depth: tuple[int, int] = (0, 1)) -> Program:
    maker = ProgramMaker()
    x = maker.input("x", "float32", ("batch", 2, 3, height, 5))
    attrs = {"paddings": (1, 2, 3, 0, *depth), "mode": mode, "value": 0.0, "data_format": "NCDHW"}
    total = height + 3 if isinstance(height, int) else f"{height}+3"
    shape = ("batch", 2, 3 + sum(depth), total, 8)
    return maker.program(y=maker.emit("pad3d", {"X": x}, attrs, shape=shape))


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_what_is_repeated_is_paddles(mode: str) -> None:
    feeds = {"x": np.random.default_rng(0).normal(size=(2, 2, 3, 4, 5)).astype(np.float32)}
    assert "pad3d" not in types(legalised(padded(mode, 4), feeds, "paddlelite"))


def test_an_axis_of_unknown_size_is_refused() -> None:
    with pytest.raises(UnsupportedModelError, match="pad3d"):
        legalise(padded("reflect", "height"), "paddlelite")
