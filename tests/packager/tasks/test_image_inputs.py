from __future__ import annotations

import numpy as np
import pytest

from packager.tasks.image_inputs import IMAGE
from packager.tasks.plan import Axis, InputPlan, ModelFacts
from packager.tasks.strokes import INK, PAPER
from packager.tasks.text_detection import TEXT_DETECTION
from packager.tasks.text_recognition import TEXT_RECOGNITION

FACTS = ModelFacts(image=(3, 24, 32))


def test_images_are_seeded_smooth_and_all_different() -> None:
    calls = IMAGE.samples(FACTS, IMAGE.inputs(FACTS), np.random.default_rng(0))
    again = IMAGE.samples(FACTS, IMAGE.inputs(FACTS), np.random.default_rng(0))
    assert [call["pixel_values"].shape for call in calls] == [(1, 3, 24, 32), (3, 3, 24, 32)]
    assert all(np.array_equal(a["pixel_values"], b["pixel_values"]) for a, b in zip(calls, again, strict=True))
    images = np.concatenate([call["pixel_values"] for call in calls]).reshape(4, -1)
    assert images.dtype == np.float32
    assert np.abs(np.corrcoef(images)[np.triu_indices(4, 1)]).max() < 0.9
    assert np.abs(images).max() < 6


def test_steps_are_coarse_so_that_golden_files_stay_small() -> None:
    pixels = IMAGE.samples(FACTS, IMAGE.inputs(FACTS), np.random.default_rng(0))[0]["pixel_values"]
    steps = pixels.astype(np.float64) * 16
    np.testing.assert_array_equal(steps, np.round(steps))


@pytest.mark.parametrize(
    ("image", "sizes"),
    [
        ((3, *TEXT_DETECTION.sizes), {(64, 160), (96, 64), (160, 320)}),
        ((3, 48, *TEXT_RECOGNITION.sizes), {(48, 160), (48, 64), (48, 320)}),
        ((3, Axis(name="height", minimum=100, maximum=100), 10), {(100, 10)}),
    ],
)
def test_open_sizes_are_sampled_within_their_range(image: tuple[int | Axis, ...], sizes: set[tuple[int, int]]) -> None:
    facts = ModelFacts(image=image)
    (plan,) = IMAGE.inputs(facts)
    assert plan.axes[1:] == image
    calls = [call["pixel_values"] for call in IMAGE.samples(facts, IMAGE.inputs(facts), np.random.default_rng(0))]
    assert [len(call) for call in calls] == [1, 3, 1]
    assert {call.shape[2:] for call in calls} == sizes
    for call in calls:
        assert all(
            axis.holds(size) if isinstance(axis, Axis) else axis == size
            for axis, size in zip(image, call.shape[1:], strict=True)
        )


def test_what_reads_text_is_shown_lines_of_strokes() -> None:
    facts = ModelFacts(image=(3, 64, 64), strokes=True)
    (first, _) = IMAGE.samples(facts, IMAGE.inputs(facts), np.random.default_rng(0))
    assert set(np.unique(first["pixel_values"])) == {np.float32(INK), np.float32(PAPER)}


def test_an_axis_holds_multiples_within_its_range() -> None:
    axis = Axis(name="width", minimum=32, maximum=96, multiple=32)
    assert [size for size in range(160) if axis.holds(size)] == [32, 64, 96]
    plan = InputPlan(name="x", dtype="float32", axes=(1, axis))
    assert InputPlan.from_json(plan.to_json()) == plan
    assert plan.spec.shape == (1, "width")
