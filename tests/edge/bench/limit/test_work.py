from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import helper, numpy_helper, save

from edge.bench.limit.count import count
from edge.bench.limit.work import PRODUCTS, UNCOUNTED, Work, work_of
from edge.engines.ort_nodes import run_nodes
from edge.errors import SessionError
from tests.support.onnx_models import FLOAT, value

MICROSOFT = "com.microsoft"


def counted(
    folder: Path,
    operator: str,
    *shapes: tuple[int, ...],
    out: int,
    domain: str = "",
    weights: int = 1,
    **attributes: Any,
) -> Work:
    """The work of one node; the last `weights` of its inputs are constants."""
    names = [f"x{place}" for place in range(len(shapes))]
    arrays = {name: np.ones(shape, np.float32) for name, shape in zip(names, shapes, strict=True)}
    constants = names[len(names) - weights :]
    node = helper.make_node(operator, names, ["y"], domain=domain, **attributes)
    graph = helper.make_graph(
        [node],
        "one",
        [value(name, FLOAT, array.shape) for name, array in arrays.items() if name not in constants],
        [value("y", FLOAT, [None] * out)],
        [numpy_helper.from_array(arrays[name], name) for name in constants],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    save(helper.make_model(graph, opset_imports=opsets, ir_version=8), folder / "m.onnx")
    feeds: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = {
        name: array for name, array in arrays.items() if name not in constants
    }
    return count(folder / "m.onnx", feeds)


@pytest.mark.parametrize(
    ("operator", "shapes", "attributes", "multiplications"),
    [
        ("Conv", [(2, 4, 9, 9), (8, 4, 3, 3)], {}, 2 * 8 * 7 * 7 * 4 * 9),
        ("Conv", [(1, 4, 9, 9), (4, 1, 3, 3)], {"group": 4, "strides": [2, 2]}, 4 * 4 * 4 * 9),
        ("ConvTranspose", [(1, 4, 5, 5), (4, 6, 2, 2)], {"strides": [2, 2]}, 4 * 5 * 5 * 6 * 4),
        ("MatMul", [(2, 3, 5, 7), (7, 11)], {}, 2 * 3 * 5 * 7 * 11),
        ("MatMul", [(7,), (2, 7, 11)], {}, 2 * 7 * 11),
        ("Gemm", [(5, 7), (7, 11)], {}, 5 * 7 * 11),
        ("Gemm", [(7, 5), (11, 7)], {"transA": 1, "transB": 1}, 5 * 7 * 11),
        ("LSTM", [(6, 2, 5), (1, 12, 5), (1, 12, 3)], {"hidden_size": 3}, 6 * 2 * (12 * 5 + 12 * 3)),
    ],
)
def test_products_are_counted_from_sizes(
    tmp_path: Path, operator: str, shapes: list[tuple[int, ...]], attributes: dict[str, Any], multiplications: int
) -> None:
    rank = {"LSTM": 4, "MatMul": len(shapes[0]) if len(shapes[0]) > 1 else 2}.get(operator, len(shapes[0]))
    found = counted(tmp_path, operator, *shapes, out=rank, **attributes)
    assert found.flops == 2 * multiplications
    assert found.uncounted == ()


def test_attention_is_its_products_and_its_scores(tmp_path: Path) -> None:
    batch, length, width = 2, 5, 8
    found = counted(
        tmp_path,
        "Attention",
        (batch, length, width),
        (width, 3 * width),
        (3 * width,),
        out=3,
        domain=MICROSOFT,
        weights=2,
        num_heads=2,
    )
    assert found.flops == 2 * (batch * length * width * 3 * width + 2 * batch * length * length * width)


def test_attention_without_a_matrix_is_its_scores(tmp_path: Path) -> None:
    shapes = [(2, 3, 8), (2, 5, 8), (2, 5, 8)]
    found = counted(tmp_path, "MultiHeadAttention", *shapes, out=3, domain=MICROSOFT, weights=0, num_heads=2)
    assert found.flops == 2 * 2 * (2 * 3 * 5 * 8)


def test_bytes_are_weights_and_both_ends(tmp_path: Path) -> None:
    found = counted(tmp_path, "MatMul", (3, 128), (128, 64), out=2)
    assert found.bytes == 4 * (128 * 64 + 3 * 128 + 3 * 64)


def test_of_a_table_only_the_rows_that_were_looked_up_are_moved(tmp_path: Path) -> None:
    node = helper.make_node("Gather", ["table", "ids"], ["y"])
    table = numpy_helper.from_array(np.ones((1000, 16), np.float32), "table")
    graph = helper.make_graph([node], "one", [value("ids", 7, [2])], [value("y", FLOAT, [2, 16])], [table])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "m.onnx")
    found = count(tmp_path / "m.onnx", {"ids": np.array([3, 5])})
    assert found.bytes == 2 * (2 * 16 * 4) + 2 * 8


def test_a_weight_that_nodes_share_is_moved_once(tmp_path: Path) -> None:
    nodes = [helper.make_node("MatMul", [f"x{step}", "w"], [f"x{step + 1}"]) for step in range(4)]
    shared = numpy_helper.from_array(np.ones((128, 128), np.float32), "w")
    graph = helper.make_graph(nodes, "four", [value("x0", FLOAT, [1, 128])], [value("x4", FLOAT, [1, 128])], [shared])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "m.onnx")
    feeds = {"x0": np.ones((1, 128), np.float32)}
    assert len(run_nodes(tmp_path / "m.onnx", feeds).nodes) == 4
    found = count(tmp_path / "m.onnx", feeds)
    assert found.flops == 4 * 2 * 128 * 128
    assert found.bytes < 1.1 * 4 * 128 * 128


def test_what_is_not_counted_is_named(tmp_path: Path) -> None:
    found = counted(tmp_path, "Einsum", (3, 4), (4, 5), out=2, equation="ij,jk->ik")
    assert (found.flops, found.uncounted) == (0, ("Einsum",))
    assert not UNCOUNTED & set(PRODUCTS)


def test_nothing_is_no_work() -> None:
    assert work_of(()) == Work(0, 0, ())


def test_a_file_that_cannot_be_run_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"no model")
    with pytest.raises(SessionError, match=r"m\.onnx"):
        count(tmp_path / "m.onnx", {})
