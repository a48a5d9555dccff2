from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from packager.tasks.strokes import INK, PAPER, strokes

sizes = st.integers(1, 130)


@given(st.integers(1, 3), st.integers(1, 4), sizes, sizes, st.integers(0, 5))
def test_pictures_have_the_shape_and_only_ink_and_paper(n: int, c: int, h: int, w: int, seed: int) -> None:
    made = strokes(np.random.default_rng(seed), n, c, h, w)
    assert made.shape == (n, c, h, w)
    assert made.dtype == np.float32
    assert set(np.unique(made)) <= {np.float32(INK), np.float32(PAPER)}
    assert (made == made[:, :1]).all()
    assert (made == strokes(np.random.default_rng(seed), n, c, h, w)).all()


def test_a_picture_of_the_usual_size_has_ink() -> None:
    share = (strokes(np.random.default_rng(0), 1, 1, 64, 64) == INK).mean()
    assert 0.05 < share < 0.5
