from __future__ import annotations

from packager.emit.framework_proto import program_class
from packager.emit.program_desc import serialise
from packager.lower.legalise import legalise
from packager.lower.program import Program
from packager.quantise.lite.layers import CHOSEN, COMPUTED, PLAIN, SHARED, SKIP, UNBIASED, choose_layers, mark_floats
from tests.support.quantisable import Layers, convolutions, products


def legal(program: Program) -> Program:
    return legalise(program, "paddlelite")


def test_convolutions_and_products_are_taken_in_their_order() -> None:
    choice = choose_layers(legal(convolutions()))
    assert [layer.type for layer in choice.layers] == ["conv2d", "depthwise_conv2d", "conv2d", "mul"]
    assert [layer.axis for layer in choice.layers] == [0, 0, 0, 1]
    assert choice.layers[0].activation == "pixels"
    assert not choice.floats


def test_an_operator_joins_the_one_in_float_that_reads_its_weight() -> None:
    program = legal(products(shared=True))
    first, second, third = (layer.name for layer in choose_layers(program).layers)
    choice = choose_layers(program, [second])
    assert choice.floats == {first: SHARED, second: CHOSEN}
    assert [layer.name for layer in choice.layers] == [third]


def test_embeddings_that_are_the_weight_of_a_product_keep_it_in_float() -> None:
    make = Layers()
    table = make.constant(make.weight(16, 16))
    ids = make.input("ids", "int64", ("batch", 5))
    vectors = make.emit("lookup_table_v2", {"Ids": ids, "W": table}, {"padding_idx": -1}, shape=("batch", 5, 16))
    vectors = make.cast(vectors, "float32")
    choice = choose_layers(legal(make.program(y=make.linear(vectors, table))))
    assert list(choice.floats.values()) == [SHARED]


def test_a_product_without_a_bias_before_another_stays_in_float() -> None:
    choice = choose_layers(legal(unbiased()))
    assert list(choice.floats.values()) == [UNBIASED]
    assert len(choice.layers) == 1


def unbiased() -> Program:
    """Two products, one on the other."""
    make = Layers()
    y = make.input("vectors", "float32", ("batch", 32))
    attrs = {"trans_x": False, "trans_y": False}
    for _ in range(2):
        y = make.emit("matmul_v2", {"X": y, "Y": make.constant(make.weight(32, 32))}, attrs, shape=("batch", 32))
    return make.program(y=y)


def test_a_filter_that_is_computed_stays_in_float() -> None:
    make = Layers()
    image, kernel = (make.input(name, "float32", shape) for name, shape in (("x", (1, 2, 4, 4)), ("w", (3, 2, 1, 1))))
    attrs = {"strides": (1, 1), "paddings": (0, 0), "dilations": (1, 1), "groups": 1}
    attrs |= {"padding_algorithm": "EXPLICIT", "data_format": "NCHW"}
    y = make.emit("conv2d", {"Input": image, "Filter": kernel}, attrs, out="Output", shape=(1, 3, 4, 4))
    assert list(choose_layers(make.program(y=y)).floats.values()) == [COMPUTED]


def test_operators_with_a_weight_that_are_never_taken_are_named() -> None:
    make = Layers()
    y = make.linear(make.input("x", "float32", ("batch", 8, 16)), 16)
    product, _ = make.ops
    assert choose_layers(make.program(y=y)).floats == {product.outputs["Out"][0]: PLAIN}


def test_marks_are_set_on_the_named_operators_alone() -> None:
    program = legal(convolutions())
    name = choose_layers(program).layers[1].name
    desc = program_class().FromString(mark_floats(mark_floats(serialise(program), [name]), [name]))
    marked = [[attr.s for attr in op.attrs if attr.name == SKIP[0] and attr.s == SKIP[2]] for op in desc.blocks[0].ops]
    assert sum(map(len, marked)) == 1
    assert [op.type for op, found in zip(desc.blocks[0].ops, marked, strict=True) if found] == ["depthwise_conv2d"]
