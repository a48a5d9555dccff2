"""Every architecture that must work goes the whole road, to both engines, within the gate."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.verify import verify
from packager import build
from tests.support.architectures import ARCHITECTURES, IMAGES, write_architecture

HOPS = ["paddle for onnxruntime", "paddle for paddlelite", "onnxruntime", "paddlelite"]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_whole_road(name: str, tmp_path: Path) -> None:
    folder = write_architecture(name, tmp_path / name)
    bundle = build(str(folder), tmp_path / "out.edge")
    (stage,) = bundle.manifest.stages
    assert [hop.hop for hop in stage.parity] == HOPS
    assert all(hop.max_abs <= hop.tolerance and hop.batches == (1, 3) for hop in stage.parity)
    assert [(a.engine, a.place) for a in stage.artifacts] == [
        ("onnxruntime", ""),
        ("paddlelite", "arm"),
        ("paddlelite", "x86"),
    ]
    symbols = {size for spec in stage.inputs for size in spec.shape if isinstance(size, str)}
    assert symbols == ({"batch"} if name in IMAGES else {"batch", "sequence"})
    assert {check.engine for check in verify(bundle).checks} == {"onnxruntime", "paddlelite"}
