from __future__ import annotations

from hypothesis import strategies as st

from tests.support.one_node import B, Case, S, Size, X, case
from tests.support.random_tensors import Calls, Draw, among, booleans

factors = st.sampled_from((2.0, 3.0, 1.0))


def target(draw: Draw) -> tuple[X, list[int | Size] | None, list[float] | None]:
    """An image, and the size or the factors of the result."""
    symbolic, scaled = draw(booleans), draw(booleans)
    sizes = [S, S] if symbolic else [draw(st.integers(2, 7)) for _ in range(2)]
    x = X(draw(among(B, 2)), draw(st.integers(1, 3)), *sizes)
    if scaled:
        return x, None, [draw(factors), draw(factors)]
    if symbolic:
        return x, [Size(S, draw(st.integers(1, 3))), Size(S, draw(st.integers(1, 3)))], None
    return x, [draw(st.integers(1, 12)), draw(st.integers(1, 12))], None


@st.composite
def nearest_vec(draw: Draw) -> Case:
    return case("aten.upsample_nearest2d.vec", *target(draw))


@st.composite
def smooth_vec(draw: Draw, op: str) -> Case:
    x, size, scales = target(draw)
    return case(op, x, size, draw(booleans), scales)


@st.composite
def to_size(draw: Draw, op: str, *, corners: bool) -> Case:
    x = X(draw(among(B, 2)), 2, draw(st.integers(2, 7)), draw(st.integers(2, 7)))
    size = [draw(st.integers(1, 12)), draw(st.integers(1, 12))]
    return case(op, x, size, *[draw(booleans)] if corners else [])


@st.composite
def pixel_shuffle(draw: Draw) -> Case:
    factor, channels = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    size = among(1, 3, S)
    x = X(draw(among(B, 2)), channels * factor**2, draw(size), draw(size))
    return case("aten.pixel_shuffle.default", x, factor)


CALLS: Calls = {
    "aten.upsample_nearest2d.vec": nearest_vec(),
    "aten.upsample_nearest2d.default": to_size("aten.upsample_nearest2d.default", corners=False),
    "aten.upsample_bilinear2d.vec": smooth_vec("aten.upsample_bilinear2d.vec"),
    "aten.upsample_bilinear2d.default": to_size("aten.upsample_bilinear2d.default", corners=True),
    "aten.upsample_bicubic2d.vec": smooth_vec("aten.upsample_bicubic2d.vec"),
    "aten.upsample_bicubic2d.default": to_size("aten.upsample_bicubic2d.default", corners=True),
    "aten.pixel_shuffle.default": pixel_shuffle(),
}
