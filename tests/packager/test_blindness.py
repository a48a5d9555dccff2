"""The gate can see: every kind of parameter that is lost, and every swapped detail, stops the build.

Each network is captured once; the build then goes its normal way with one operator or constant of its program changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from packager.capture import Captured, capture
from packager.errors import ParityError
from packager.hub.source import Source
from packager.lower import lower
from packager.lower.program import Op, Program
from packager.networks import huggingface
from packager.order import Order
from packager.pipeline import build
from tests.support.architectures import write_architecture

Change = Callable[[Program], Program]
ENGINES = ("onnxruntime",)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Captured]]:
    """Folder and capture of each network."""
    found = {}
    for name in ("bert", "resnet", "swin"):
        folder = write_architecture(name, tmp_path_factory.mktemp("model") / name)
        found[name] = (folder, capture(folder, folder=tmp_path_factory.mktemp(name), engines=ENGINES))
    return found


def first(program: Program, type: str, matches: Callable[[Op], bool] = lambda _: True) -> Op:  # noqa: A002
    """The first operator of that type; fails where the program has none, for then nothing would be tested."""
    return next(op for op in program.ops if op.type == type and matches(op))


def without(slot: str, type: str, neutral: float, shape: tuple[int, ...] = ()) -> Change:  # noqa: A002
    """Replace the constant (of this shape) in a slot of the first such operator by what does nothing there."""

    def change(program: Program) -> Program:
        def has_constant(op: Op) -> bool:
            name = op.inputs.get(slot, ("",))[0]
            return name in program.constants and (not shape or program.constants[name].shape == shape)

        name = first(program, type, has_constant).inputs[slot][0]
        blank: NDArray[np.generic] = np.full_like(program.constants[name], neutral)
        return replace(program, constants={**program.constants, name: blank})

    return change


def with_attribute(type: str, name: str, new: Callable[[object], object]) -> Change:  # noqa: A002
    """Change an attribute of the first such operator."""

    def change(program: Program) -> Program:
        op = first(program, type, lambda op: new(op.attrs[name]) != op.attrs[name])
        changed = replace(op, attrs={**op.attrs, name: new(op.attrs[name])})
        return replace(program, ops=tuple(changed if one is op else one for one in program.ops))

    return change


CASES = {
    # The bias behind the first feed-forward layer: a key's would cancel out in the softmax.
    "linear bias": ("bert", without("Y", "elementwise_add", 0.0, shape=(64,))),
    "norm scale": ("bert", without("Scale", "layer_norm", 1.0)),
    "norm bias": ("bert", without("Bias", "layer_norm", 0.0)),
    "embeddings": ("bert", without("W", "lookup_table_v2", 0.0)),
    "tanh gelu": ("bert", with_attribute("gelu", "approximate", lambda was: not was)),
    "softmax axis": ("bert", with_attribute("softmax", "axis", lambda _: -2)),
    "batch norm scale": ("resnet", without("Scale", "batch_norm", 1.0)),
    "batch norm bias": ("resnet", without("Bias", "batch_norm", 0.0)),
    "batch norm mean": ("resnet", without("Mean", "batch_norm", 0.0)),
    "batch norm variance": ("resnet", without("Variance", "batch_norm", 1.0)),
    "bias table": ("swin", without("Y", "elementwise_add", 0.0, shape=(1, 2, 16, 16))),
}


@pytest.mark.parametrize("what", CASES)
def test_a_lost_or_swapped_detail_stops_the_build(
    what: str, models: dict[str, tuple[Path, Captured]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, change = CASES[what]
    folder, captured = models[name]

    def captured_before(source: Source, **_: object) -> Captured:
        assert source.folder.resolve() == folder.resolve()
        return captured

    monkeypatch.setattr(huggingface, "capture", captured_before)
    monkeypatch.setattr(huggingface, "lower", lambda graph, constants: change(lower(graph, constants)))
    out = tmp_path / "out.edge"
    with pytest.raises(ParityError, match=r"paddle for onnxruntime: the output 'logits' is off by") as caught:
        build(str(folder), out, Order(engines=ENGINES, threads=1))
    assert caught.value.remedy.startswith(f"packager blame {folder} --engine onnxruntime finds the first node")
    assert list(tmp_path.iterdir()) == []


def test_without_a_change_the_same_road_passes(
    models: dict[str, tuple[Path, Captured]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what stops the builds above is the change."""
    for name, (folder, captured) in models.items():
        monkeypatch.setattr(huggingface, "capture", lambda _source, captured=captured, **_: captured)
        build(str(folder), tmp_path / f"{name}.edge", Order(engines=ENGINES, threads=1))
