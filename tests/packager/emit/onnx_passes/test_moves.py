from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import ModelProto, NodeProto, helper

from packager.emit.onnx_passes.moves import NARROWEST, gather_moves
from tests.support.onnx_models import FLOAT, Shape, model, value

WIDTH = NARROWEST
SIDE = 4
ROLL = np.array([1, 2, 3, 0])
END = 2**31 - 1
Constants = dict[str, np.ndarray]


class Chain:
    """Operators one behind the other, from `x` on."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: Constants = {}
        self.last = "x"

    def then(self, kind: str, *how: Sequence[int] | np.ndarray, **attributes: object) -> Chain:
        names = [f"{kind}{len(self.nodes)}.{at}" for at in range(len(how))]
        self.weights |= {name: np.array(numbers, np.int64) for name, numbers in zip(names, how, strict=True)}
        out = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, [self.last, *names], [out], **attributes))
        self.last = out
        return self

    def made(self, **shown: Shape) -> ModelProto:
        """The chain as a model; `shown` are values on the way that are outputs, too."""
        end = [helper.make_node("Neg", [self.last], ["minus"]), helper.make_node("Flatten", ["minus"], ["y"], axis=0)]
        outputs = [value(name, FLOAT, shape) for name, shape in {"y": (1, "numbers"), **shown}.items()]
        x = value("x", FLOAT, ["batch", SIDE * SIDE, WIDTH])
        return model([*self.nodes, *end], [x], outputs, self.weights)


def windows() -> Chain:
    """Rolled, cut into windows of 2 x 2."""
    image = Chain().then("Reshape", [0, SIDE, SIDE, WIDTH]).then("Gather", ROLL, axis=1).then("Gather", ROLL, axis=2)
    return (
        image.then("Reshape", [0, 2, 2, 2, 2, WIDTH])
        .then("Transpose", perm=[0, 1, 3, 2, 4, 5])
        .then("Reshape", [-1, 4, WIDTH])
    )


def halves() -> Chain:
    """Every second row, and of that every second column but the first, from the end to the start."""
    image = Chain().then("Reshape", [-1, SIDE, SIDE, WIDTH])
    return image.then("Slice", [0], [END], [1], [2]).then("Slice", [-1], [0], [2], [-2]).then("Reshape", [0, -1, WIDTH])


def moved(made: ModelProto, batches: Sequence[int] = (1, 3)) -> list[str]:
    """The operators of the rewritten model, which must give exactly what the first gives."""
    copy = ModelProto.FromString(made.SerializeToString())
    gather_moves(copy.graph)
    onnx.checker.check_model(copy, full_check=True)
    for batch in batches:
        x = np.arange(batch * SIDE * SIDE * WIDTH, dtype=np.float32).reshape(batch, -1, WIDTH)
        for one, other in zip(run(copy, x), run(made, x), strict=True):
            np.testing.assert_array_equal(one, other)
    return [node.op_type for node in copy.graph.node][:-2]


def run(made: ModelProto, x: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {"x": x})
    return found


@pytest.mark.parametrize("chain", [windows(), halves()])
def test_a_chain_is_one_gather(chain: Chain) -> None:
    assert moved(chain.made()) == ["Reshape", "Gather", "Reshape"]


def test_windows_come_back_from_their_rows() -> None:
    back = windows()
    back.then("Relu").then("Reshape", [-1, 2, 2, 2, 2, WIDTH]).then("Transpose", perm=[0, 1, 3, 2, 4, 5])
    back.then("Reshape", [0, SIDE, SIDE, WIDTH]).then("Gather", ROLL[::-1], axis=1)
    assert moved(back.made()).count("Gather") == 2


def test_parts_of_one_value_that_are_joined_again_are_one_gather() -> None:
    chain = Chain().then("Reshape", [0, SIDE, SIDE, WIDTH])
    parts = [helper.make_node("Slice", ["v0", f"s{at}", "ends", "axes", "steps"], [f"p{at}"]) for at in range(2)]
    chain.weights |= {"s0": np.array([0]), "s1": np.array([1]), "ends": np.array([END])}
    chain.weights |= {"axes": np.array([2]), "steps": np.array([2]), "rows": np.array([0, -1, 2 * WIDTH])}
    chain.nodes += [*parts, helper.make_node("Concat", ["p0", "p1"], ["joined"], axis=3)]
    chain.last = "joined"
    # Side by side they are as they were: nothing moves.
    assert moved(chain.then("Reshape", [0, -1, 2 * WIDTH]).made()) == ["Reshape"]


def test_what_moves_nothing_is_a_reshape() -> None:
    chain = Chain().then("Reshape", [0, 1, SIDE * SIDE, 1, WIDTH]).then("Transpose", perm=[0, 3, 2, 1, 4])
    assert moved(chain.then("Reshape", [-1, WIDTH]).made()) == ["Reshape"]


def test_what_is_read_on_the_way_is_there() -> None:
    rolled: Shape = ["batch", SIDE, SIDE, WIDTH]
    assert moved(windows().made(v2=rolled)).count("Gather") == 2
    assert moved(windows().made(v1=rolled)) == ["Reshape", "Gather", "Reshape", "Gather", "Reshape"]


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param(Chain().then("Reshape", [0, SIDE, SIDE, WIDTH]).then("Gather", ROLL, axis=1), id="one copy"),
        pytest.param(windows().then("Transpose", perm=[1, 0, 2]), id="over the batch"),
        pytest.param(windows().then("Transpose", perm=[0, 2, 1]), id="columns"),
        pytest.param(
            Chain()
            .then("Reshape", [0, SIDE * SIDE, 2, WIDTH // 2])
            .then("Gather", [1, 0], axis=2)
            .then("Gather", ROLL, axis=1),
            id="short rows",
        ),
        pytest.param(Chain().then("Gather", ROLL, axis=1).then("Gather", ROLL, axis=1), id="items of any size"),
    ],
)
def test_everything_else_stays(chain: Chain) -> None:
    assert moved(chain.made()) == [node.op_type for node in chain.nodes]


@given(data=st.data())
def test_any_chain_gives_what_it_gave(data: st.DataObject) -> None:
    chain, sizes = Chain().then("Reshape", [-1, 2, 2, 4, WIDTH]), [6, 2, 2, 4, WIDTH]
    for kind in data.draw(st.lists(st.sampled_from(["Transpose", "Gather", "Slice"]), max_size=4)):
        axis = data.draw(st.integers(1, 4))
        if kind == "Transpose":
            order = data.draw(st.permutations(range(5)))
            chain, sizes = chain.then(kind, perm=order), [sizes[place] for place in order]
        elif kind == "Gather":
            few = min(sizes[axis], 4)
            rows = data.draw(st.lists(st.integers(0, few - 1), min_size=1, max_size=few))
            chain, sizes[axis] = chain.then(kind, rows, axis=axis), len(rows)
        else:
            step = data.draw(st.sampled_from([1, 2, -1]))
            chain = chain.then(kind, [-1 if step < 0 else 0], [-END if step < 0 else END], [axis], [step])
            sizes[axis] = -(-sizes[axis] // abs(step))
    moved(chain.then("Reshape", [-1, sizes[-1]]).made(), batches=(6,))
