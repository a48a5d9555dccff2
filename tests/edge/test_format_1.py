"""The fixture of format 1 must stay readable for ever: these tests may grow, the fixture may not change."""

from __future__ import annotations

import numpy as np
import pytest

import edge
from edge.bundle import open_bundle
from edge.digests import sha256_file
from edge.manifest import MANIFEST_NAME, Manifest
from tests.support.bundles import FIXTURE

DIGEST = "ac5ae23950550e922c65690c8ff9eade25d3f099bfce8c8490485c28581a6ffa"


def test_the_fixture_was_not_made_again() -> None:
    assert sha256_file(FIXTURE / MANIFEST_NAME) == DIGEST


def test_it_is_written_back_to_the_byte() -> None:
    data = (FIXTURE / MANIFEST_NAME).read_bytes()
    assert Manifest.from_bytes(data).to_bytes() == data


@pytest.mark.parametrize("engine", ["onnxruntime", "paddlelite"])
def test_it_runs(engine: str) -> None:
    x = np.ones((2, 4), np.float32)
    ids = np.array([[3, 4, 5], [6, 7, 8]])
    with edge.load(FIXTURE, engine=engine) as model:
        result = model({"x": x, "ids": ids, "mask": np.array([[1, 1, 0], [0, 1, 1]])})
    assert isinstance(result, edge.Tensors)
    np.testing.assert_allclose(result.arrays["y"], [[4.5, 5.5, 6.5]] * 2, rtol=1e-6)
    np.testing.assert_array_equal(result.arrays["s"], [[3, 4, 0], [0, 7, 8]])


def test_its_fields_mean_what_they_meant() -> None:
    manifest = open_bundle(FIXTURE).manifest
    stage = manifest.stages[0]
    assert (manifest.format, manifest.serial, manifest.task) == (1, 1, "tensors")
    assert manifest.requires.engines["onnxruntime"] == ">=1.16,<2"
    assert stage.inputs[1].shape == ("batch", "length")
    assert [artifact.place for artifact in stage.artifacts] == ["", "arm", "x86"]
    assert stage.parity[0].batches == (1, 3)
