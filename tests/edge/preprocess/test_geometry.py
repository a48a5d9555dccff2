from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import BundleError, InputError
from edge.preprocess import geometry
from edge.preprocess.geometry import CenterCrop, Resize
from edge.preprocess.images import decode

EDGES = st.integers(1, 40)


@given(height=EDGES, width=EDGES, crop_height=EDGES, crop_width=EDGES)
def test_center_crop_equals_transformers(height: int, width: int, crop_height: int, crop_width: int) -> None:
    from transformers.image_transforms import center_crop

    pixels = np.random.default_rng(0).integers(1, 256, (height, width, 3), dtype=np.uint8)
    theirs = center_crop(pixels, (crop_height, crop_width), input_data_format="channels_last")
    np.testing.assert_array_equal(CenterCrop(height=crop_height, width=crop_width)(decode(pixels)).array(), theirs)


@given(height=EDGES, width=EDGES, target=EDGES, multiple=st.integers(1, 32))
def test_edges_become_multiples(height: int, width: int, target: int, multiple: int) -> None:
    resize = Resize(filter="bilinear", shortest_edge=target, rounding="nearest", multiple=multiple)
    made = resize.target((height, width))
    assert all(edge % multiple == 0 for edge in made)
    assert target <= min(made) < target + multiple


@pytest.mark.parametrize("size", [(4000, 1), (1, 4000)])
def test_a_picture_that_would_become_nothing_is_refused(size: tuple[int, int]) -> None:
    resize = Resize(filter="nearest", shortest_edge=1, longest_edge=10)
    with pytest.raises(InputError, match="would become"):
        resize(decode(np.zeros((*size, 3), np.uint8)))


def test_a_picture_that_would_become_far_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geometry, "default_max_pixels", lambda: 10_000)
    resize = Resize(filter="nearest", shortest_edge=50)
    assert resize(decode(np.zeros((10, 40, 3), np.uint8))).width == 200
    with pytest.raises(InputError, match="50 x 10000"):
        resize(decode(np.zeros((2000, 10, 3), np.uint8)))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"height": 8},
        {"height": 8, "width": 8, "shortest_edge": 8},
        {"max_height": 8},
        {"longest_edge": 8},
        {"height": -8, "width": 8},
        {"height": 1 << 20, "width": 1 << 20},
        {"shortest_edge": 1 << 40},
        {"shortest_edge": 8, "multiple": 0},
        {"shortest_edge": 8, "rounding": "up"},
        {"shortest_edge": 8, "filter": "magic"},
    ],
)
def test_rules_that_say_too_little_or_too_much_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(BundleError, match="resize"):
        Resize(**{"filter": "box", **options})


@pytest.mark.parametrize(("height", "width"), [(0, 4), (4, -1), (1 << 20, 1 << 20)])
def test_crops_of_no_size_are_refused(height: int, width: int) -> None:
    with pytest.raises(BundleError, match="center_crop"):
        CenterCrop(height=height, width=width)
