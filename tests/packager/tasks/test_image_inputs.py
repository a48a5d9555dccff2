from __future__ import annotations

import numpy as np

from packager.tasks.image_inputs import IMAGE
from packager.tasks.plan import ModelFacts

FACTS = ModelFacts(image=(3, 24, 32))


def test_images_are_seeded_smooth_and_all_different() -> None:
    calls = IMAGE.samples(FACTS, np.random.default_rng(0))
    again = IMAGE.samples(FACTS, np.random.default_rng(0))
    assert [call["pixel_values"].shape for call in calls] == [(1, 3, 24, 32), (3, 3, 24, 32)]
    assert all(np.array_equal(a["pixel_values"], b["pixel_values"]) for a, b in zip(calls, again, strict=True))
    images = np.concatenate([call["pixel_values"] for call in calls]).reshape(4, -1)
    assert images.dtype == np.float32
    assert np.abs(np.corrcoef(images)[np.triu_indices(4, 1)]).max() < 0.9
    assert np.abs(images).max() < 6


def test_steps_are_coarse_so_that_golden_files_stay_small() -> None:
    pixels = IMAGE.samples(FACTS, np.random.default_rng(0))[0]["pixel_values"]
    steps = pixels.astype(np.float64) * 16
    np.testing.assert_array_equal(steps, np.round(steps))
