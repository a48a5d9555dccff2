"""Small networks in Paddle's operators, as Paddle Lite's legalisation leaves them, for tests of quantisation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packager.emit.to_paddle import PaddleModel
from packager.lower.legalise import legalise
from packager.lower.operators.convolution import geometry
from packager.lower.program import Program, Var
from packager.quantise.feeds import write_feeds
from tests.support.engines import save
from tests.support.programs import ProgramMaker

SIDE = 12
WIDE = 256


class Layers(ProgramMaker):
    """Layers with random weights of the usual sizes."""

    def __init__(self) -> None:
        super().__init__()
        self.random = np.random.default_rng(7)

    def weight(self, *shape: int) -> NDArray[np.float32]:
        fan_in = int(np.prod(shape[1:])) if len(shape) == 4 else shape[0]
        return self.random.normal(0, (2 / fan_in) ** 0.5, shape).astype(np.float32)

    def bias(self, size: int) -> Var:
        return self.constant(self.random.normal(0, 0.1, size).astype(np.float32))

    def convolution(
        self, x: Var, filters: int, size: int, *, groups: int = 1, kernel: NDArray[np.float32] | None = None
    ) -> Var:
        """With the kernel that is given, or a random one."""
        shape = filters, int(x.shape[1]) // groups, size, size
        weight = self.constant(self.weight(*shape) if kernel is None else kernel)
        attrs = geometry(2, 1, size // 2, 1, groups).attributes()
        kind = "depthwise_conv2d" if groups > 1 else "conv2d"
        result = (x.shape[0], filters, *x.shape[2:])
        y = self.emit(kind, {"Input": x, "Filter": weight}, attrs, out="Output", shape=result)
        return self.emit("elementwise_add", {"X": y, "Y": self.bias(filters)}, {"axis": 1})

    def linear(self, x: Var, weight: Var | int) -> Var:
        if isinstance(weight, int):
            weight = self.constant(self.weight(int(x.shape[-1]), weight))
        attrs = {"trans_x": False, "trans_y": False}
        y = self.emit("matmul_v2", {"X": x, "Y": weight}, attrs, shape=(*x.shape[:-1], weight.shape[-1]))
        return self.binary("elementwise_add", y, self.bias(int(weight.shape[-1])))

    def relu(self, x: Var) -> Var:
        return self.emit("relu", {"X": x})


def convolutions() -> Program:
    """Two convolutions, one of them depthwise, a mean over the image, a product: [batch, 10] of [batch, 3, 12, 12]."""
    make = Layers()
    x = make.input("pixels", "float32", ("batch", 3, SIDE, SIDE))
    y = make.relu(make.convolution(x, 64, 3))
    y = make.relu(make.convolution(y, 64, 3, groups=64))
    y = make.relu(make.convolution(y, WIDE, 1))
    axes = {"dim": (2, 3), "keep_dim": False, "reduce_all": False}
    y = make.emit("reduce_mean", {"X": y}, axes, shape=("batch", WIDE))
    return make.program(logits=make.linear(y, 10))


def products(*, shared: bool = False) -> Program:
    """Three products over [batch, sequence, 128], the first two with one weight where it is `shared`."""
    make = Layers()
    x = make.input("vectors", "float32", ("batch", "sequence", 128))
    first = make.constant(make.weight(128, 128))
    y = make.relu(make.linear(x, first))
    y = make.emit("tanh", {"X": make.linear(y, first if shared else 128)})
    return make.program(hidden=make.linear(y, 32))


def lite_model(program: Program, folder: Path) -> PaddleModel:
    """The program as Paddle Lite's converter gets it."""
    return PaddleModel(*save(legalise(program, "paddlelite"), folder))


def draw(program: Program, count: int, *, batch: int = 4, seed: int = 0) -> list[dict[str, NDArray[Any]]]:
    """Calls with normal values; sequences are of different lengths."""
    random = np.random.default_rng(seed)
    sizes = [{"batch": batch, "sequence": 5 + n} for n in range(count)]
    return [
        {
            spec.name: random.normal(
                0, 1, [size if isinstance(size, int) else call[size] for size in spec.shape]
            ).astype(spec.dtype)
            for spec in program.inputs
        }
        for call in sizes
    ]


def feeds_file(program: Program, folder: Path, count: int = 8, *, seed: int = 0) -> Path:
    path = folder / "feeds.safetensors"
    write_feeds(path, draw(program, count, seed=seed))
    return path
