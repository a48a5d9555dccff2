from __future__ import annotations

from hypothesis import strategies as st

from edge.manifest import Dimension
from tests.support.one_node import B, Case, S, W, X, case
from tests.support.random_tensors import Calls, Draw, Shape, among, booleans, broadcastable, shapes

INNER = 3
rows = among(1, 2, 5, S)


def right_side(draw: Draw, *shape: Dimension) -> X:
    """A constant, where the shape allows one, or an input."""
    fixed = all(isinstance(size, int) for size in shape)
    return W(*shape) if fixed and draw(booleans) else X(*shape)


@st.composite
def linear(draw: Draw) -> Case:
    lead, out = draw(shapes(0, 4)), draw(st.integers(1, 5))
    weight = right_side(draw, out, INNER)
    bias = [right_side(draw, out)] if draw(booleans) else []
    return case("aten.linear.default", X(*lead, INNER), weight, *bias)


@st.composite
def matmul(draw: Draw) -> Case:
    """Ranks of 1 to 5, whose leading axes broadcast."""
    left, right = draw(broadcastable(2, 1, 3))

    def side(lead: Shape, *matrix: Dimension) -> Shape:
        return {"batched": (*lead, *matrix), "matrix": matrix, "vector": (INNER,)}[
            draw(st.sampled_from(("batched", "batched", "matrix", "vector")))
        ]

    # One sequence is enough: a second one beside it in the leading axes has the same size.
    x = X(*side(left, draw(rows), INNER))
    return case("aten.matmul.default", x, right_side(draw, *side(right, INNER, draw(rows))))


@st.composite
def bmm(draw: Draw) -> Case:
    batch = draw(among(1, 2, B))
    return case("aten.bmm.default", X(batch, draw(rows), INNER), right_side(draw, batch, INNER, draw(rows)))


@st.composite
def mm(draw: Draw) -> Case:
    return case("aten.mm.default", X(draw(rows), INNER), right_side(draw, INNER, draw(rows)))


@st.composite
def vectors(draw: Draw, op: str, *, matrix: bool) -> Case:
    lead = (draw(rows),) if matrix else ()
    return case(op, X(*lead, INNER), right_side(draw, INNER))


@st.composite
def addmm(draw: Draw, op: str, *, batched: bool) -> Case:
    lead: Shape = (draw(among(1, 2, B)),) if batched else ()
    height, width = draw(rows), draw(rows)
    whole = (*lead, height, width)
    biases = [whole, (1, width), (width,), (height, 1), (1,) * len(whole)]
    bias = right_side(draw, *draw(st.sampled_from(biases)))
    options = {name: draw(st.sampled_from((0, 1, 0.5, 2))) for name in ("beta", "alpha") if draw(booleans)}
    return case(op, bias, X(*lead, height, INNER), right_side(draw, *lead, INNER, width), **options)


CALLS: Calls = {
    "aten.linear.default": linear(),
    "aten.matmul.default": matmul(),
    "aten.bmm.default": bmm(),
    "aten.mm.default": mm(),
    "aten.mv.default": vectors("aten.mv.default", matrix=True),
    "aten.dot.default": vectors("aten.dot.default", matrix=False),
    "aten.addmm.default": addmm("aten.addmm.default", batched=False),
    "aten.baddbmm.default": addmm("aten.baddbmm.default", batched=True),
}
