"""Networks for text take images of any size: each is built for both engines and fed with several."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import edge
from edge.results import Tensors
from packager import build
from packager.coverage.checkpoint import write_checkpoint
from packager.coverage.types import ModelType
from packager.order import Order

CARD = "---\nlicense: apache-2.0\n---\nRandom weights, for tests.\n"


@pytest.mark.parametrize(
    ("one", "shape", "pictures"),
    [
        (
            ModelType("text-detection", "pp_ocrv6_small_det"),
            (("batch", 3, "height", "width"), ("batch", 1, "height", "width")),
            {(50, 100): (1, 1, 64, 96), (70, 30): (1, 1, 64, 32)},
        ),
        (
            ModelType("text-recognition", "pp_ocrv6_tiny_rec"),
            (("batch", 3, 48, "width"), ("batch", "width/8", 40)),
            {(48, 100): (1, 40, 40), (24, 200): (1, 50, 40), (24, 201): (1, 51, 40)},
        ),
    ],
    ids=["detection", "recognition"],
)
def test_images_of_any_size(
    one: ModelType,
    shape: tuple[tuple[int | str, ...], ...],
    pictures: dict[tuple[int, int], tuple[int, ...]],
    tmp_path: Path,
) -> None:
    folder = write_checkpoint(one, tmp_path / one.name)
    (folder / "README.md").write_text(CARD)
    bundle = build(str(folder), tmp_path / "out.edge", Order(places=("x86",)))
    (stage,) = bundle.manifest.stages
    assert bundle.manifest.task == one.task
    assert (stage.inputs[0].shape, stage.outputs[0].shape) == shape
    assert all(hop.max_abs <= hop.tolerance and hop.samples == 3 for hop in stage.parity)
    random = np.random.default_rng(0)
    given = [random.integers(0, 256, (*size, 3), np.uint8) for size in pictures]
    found = {}
    for engine in ("onnxruntime", "paddlelite"):
        with edge.load(bundle.path, engine=engine) as model:
            found[engine] = [_scores(result) for result in model.run_batch(given)]
        assert [scores.shape for scores in found[engine]] == list(pictures.values())
    for left, right in zip(*found.values(), strict=True):
        np.testing.assert_allclose(left, right, atol=1e-4)


def _scores(result: object) -> np.ndarray:
    assert isinstance(result, Tensors)
    assert result.arrays.keys() == {"scores"}
    return result.arrays["scores"]
