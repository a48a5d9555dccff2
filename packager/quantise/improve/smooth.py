"""SmoothQuant: features that reach far in activations, and cost the others their resolution, move into the weights.

Every feature of a layer's input is divided by a number, and the layer's weights for it are multiplied by that. The
division is free where what made the input takes it: a LayerNormalization's gain and bias, or the values that an
attention mixes, whose features stay apart. Elsewhere it is a Mul: in BERT a residual sum reads the norm, too, and a
GELU lets nothing through.

Source: Xiao et al., SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models, ICML
2023, equation 4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper

from packager.emit.onnx_passes.reading import Reading
from packager.emit.onnx_passes.values import drop_unread
from packager.quantise.feeds import Feed
from packager.quantise.improve.observe import observed
from packager.quantise.improve.weights import set_weight

Numbers = NDArray[np.float64]

STRENGTH = 0.8
"""How much of the spread moves from activations to weights (alpha of the paper, which has 0.5).

Weights have a scale for each channel here, activations one for all: MiniLM's ranks lost 1.5 points with 0.5, 0.3 to 0.4
with 0.7 to 0.9, once by hand, by dynamic int8 on other sentences than those of the ablation.
"""
WIDEST = 1e3
"""How far a feature is scaled at most."""
SHAPES = frozenset({"Shape", "Size"})
"""Operators that read no numbers of a value."""


@dataclass(frozen=True)
class _Product:
    """A product with a weight of its own; `rows` is the axis of the features that it reads.

    `entry` is what reads the value: the product, or a reshape before it.
    """

    node: NodeProto
    rows: int
    entry: NodeProto


@dataclass(frozen=True)
class _Place:
    """A value whose features may be scaled, the products that read it, and the weights that can take the division.

    Each weight is a node, its input's number and the first feature of the part of its last axis that counts. With none,
    a Mul is put between the value and the products.
    """

    value: str
    products: Sequence[_Product]
    makers: Sequence[tuple[NodeProto, int, int]]


def smooth(model: ModelProto, feeds: Iterable[Feed]) -> int:
    """Smooth the inputs of all products whose weights they alone read; tells how many.

    The float function stays what it is, up to rounding. Raises what `observed` raises.
    """
    graph = model.graph
    places = _Places(model).found()
    if not places:
        return 0
    reach = _reach(model, feeds, [place.value for place in places])
    for place in places:
        reading = Reading(graph)
        weights = [reading.value(one.node.input[1]).astype(np.float64) for one in place.products]
        against = np.max(
            [np.abs(weight).max(axis=1 - one.rows) for one, weight in zip(place.products, weights, strict=True)], axis=0
        )
        scale = _scale(reach[place.value], against)
        for one, weight in zip(place.products, weights, strict=True):
            set_weight(graph, one.node, 1, weight * (scale[:, None] if one.rows == 0 else scale))
        for node, number, start in place.makers:
            made = reading.value(node.input[number]).astype(np.float64)
            made[..., start : start + scale.size] /= scale
            set_weight(graph, node, number, made)
        if not place.makers:
            _insert(model, place, scale)
    drop_unread(graph)
    return len(places)


def _scale(reach: Numbers, weights: Numbers) -> Numbers:
    alive = (reach > 0) & (weights > 0)
    wanted = np.where(alive, reach, 1) ** STRENGTH / np.where(alive, weights, 1) ** (1 - STRENGTH)
    return np.clip(np.where(alive, wanted, 1), 1 / WIDEST, WIDEST)


def _reach(model: ModelProto, feeds: Iterable[Feed], names: Sequence[str]) -> dict[str, Numbers]:
    """How far each feature of these values goes from zero."""
    found: dict[str, Numbers] = {}
    for values in observed(model, feeds, names):
        for name, value in zip(names, values, strict=True):
            high = np.abs(value).reshape(-1, value.shape[-1]).max(axis=0).astype(np.float64)
            found[name] = np.maximum(found.get(name, high), high)
    return found


def _insert(model: ModelProto, place: _Place, scale: Numbers) -> None:
    name = f"{place.value}.smooth"
    made = helper.make_node("Mul", [place.value, place.value], [name], name=name)
    set_weight(model.graph, made, 1, 1 / scale)
    for one in place.products:
        one.entry.input[0] = name
    at = next((at for at, node in enumerate(model.graph.node) if place.value in node.output), -1) + 1
    model.graph.node.insert(at, made)


class _Places:
    def __init__(self, model: ModelProto) -> None:
        self._graph, self._reading = model.graph, Reading(model.graph)
        self._readers: dict[str, list[NodeProto]] = defaultdict(list)
        for node in model.graph.node:
            for name in node.input:
                self._readers[name].append(node)
        self._shown = {output.name for output in model.graph.output}

    def found(self) -> list[_Place]:
        """Outputs of normalisations, values of attentions, and every other input of a product."""
        places: list[_Place] = []
        for node in self._graph.node:
            if node.op_type == "LayerNormalization":
                places += self._of_norm(node)
            elif node.op_type in ("Attention", "MultiHeadAttention") and node.domain == "com.microsoft":
                places += self._of_attention(node)
            if node.op_type != "Reshape" and all(place.value not in node.output for place in places[-1:]):
                places += self._of_any(node)
        return places

    def _of_any(self, node: NodeProto) -> list[_Place]:
        products, _ = self._products(node.output[0])
        return [_Place(node.output[0], products, ())] if len({*map(tuple, map(self._rows, products))}) == 1 else []

    def _of_norm(self, node: NodeProto) -> list[_Place]:
        # Whatever axes are normed: gain and offset belong to the last one.
        products, others = self._products(node.output[0])
        (width, *offset) = (self._reading.dims(name) for name in node.input[1:] if name)
        if (
            not products
            or len(width) != 1
            or offset not in ([], [width])
            or any(self._rows(one) != width for one in products)
        ):
            return []
        makers = [(node, number, 0) for number in range(1, len(node.input))]
        return [_Place(node.output[0], products, () if others else makers)]

    def _of_attention(self, node: NodeProto) -> list[_Place]:
        products, others = self._products(node.output[0])
        makers = self._values(node)
        if others or not products or not makers:
            return []
        first = makers[0]
        width = self._reading.dims(first[0].input[first[1]])[-1] - first[2]
        return [_Place(node.output[0], products, makers)] if all(self._rows(one) == [width] for one in products) else []

    def _values(self, node: NodeProto) -> list[tuple[NodeProto, int, int]]:
        """The weight and bias of an attention's values: the last third of the one matrix for queries, keys, values."""
        layer = [(node, 1), (node, 2)]
        if node.op_type == "MultiHeadAttention":
            layer = self._behind_split(node)
        widths = {tuple(self._reading.dims(one.input[number])[-1:]) for one, number in layer}
        if len(widths) != 1 or any(not self._own(one.input[number]) for one, number in layer):
            return []
        (width,) = widths
        third, rest = divmod(width[0], 3) if width else (0, 1)
        return [] if rest else [(one, number, 2 * third) for one, number in layer]

    def _behind_split(self, node: NodeProto) -> list[tuple[NodeProto, int]]:
        """The product and its bias whose result is split into queries, keys and values."""
        split = self._reading.made.get(node.input[2])
        if split is None or split.op_type != "Split" or list(split.output) != list(node.input[:3]):
            return []
        name = split.input[0]
        if reshape := self._reading.alone(name, "Reshape"):
            name = reshape.input[0]
        if gemm := self._reading.alone(name, "Gemm"):
            plain = not Reading.attribute(gemm, "transB", 0) and len(gemm.input) == 3
            return [(gemm, 1), (gemm, 2)] if plain else []
        total = self._reading.alone(name, "Add")
        product = total and self._reading.alone(total.input[0], "MatMul")
        return [(product, 1), (total, 1)] if product and total else []

    def _products(self, name: str) -> tuple[list[_Product], bool]:
        """The products that read the value, through reshapes too, and whether something else reads its numbers."""
        products: list[_Product] = []
        others = name in self._shown
        for reader in self._readers[name]:
            if reader.op_type == "Reshape" and reader.input[0] == name:
                more, other = self._products(reader.output[0])
                products += [] if other else [replace(product, entry=reader) for product in more]
                others = others or other
            elif (product := self._product(reader, name)) is not None:
                products.append(product)
            elif reader.op_type not in SHAPES:
                others = True
        return products, others

    def _product(self, node: NodeProto, name: str) -> _Product | None:
        attribute, rows = Reading.attribute, 0
        if node.op_type == "Gemm":
            rows = int(bool(attribute(node, "transB", 0)))
        elif node.op_type not in ("MatMul", "Attention"):
            return None
        once = list(node.input).count(name) == 1 and node.input[0] == name
        plain = once and not attribute(node, "transA", 0) and self._own(node.input[1])
        return _Product(node, rows, node) if plain and len(self._reading.dims(node.input[1])) == 2 else None

    def _rows(self, product: _Product) -> list[int]:
        return [self._reading.dims(product.node.input[1])[product.rows]]

    def _own(self, name: str) -> bool:
        """A float weight that no other node reads: a copy for each would make the file larger."""
        tensor = self._reading.weights.get(name)
        return tensor is not None and tensor.data_type == TensorProto.FLOAT and len(self._readers[name]) == 1
