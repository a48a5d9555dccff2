from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge.preprocess import sizes

EDGES = st.integers(1, 5000)


@given(height=EDGES, width=EDGES, target=EDGES)
def test_shortest_edge_equals_transformers(height: int, width: int, target: int) -> None:
    from transformers.image_transforms import get_resize_output_image_size

    picture = np.broadcast_to(np.uint8(0), (3, height, width))
    theirs = get_resize_output_image_size(picture, target, default_to_square=False, input_data_format="channels_first")
    assert sizes.shortest_edge((height, width), target) == theirs


@given(height=EDGES, width=EDGES, shortest=EDGES, longest=EDGES)
def test_between_edges_equals_transformers(height: int, width: int, shortest: int, longest: int) -> None:
    from transformers.image_transforms import get_size_with_aspect_ratio

    ours = sizes.between_edges((height, width), shortest, longest)
    assert ours == get_size_with_aspect_ratio((height, width), shortest, longest)


@given(height=EDGES, width=EDGES, most_high=EDGES, most_wide=EDGES)
def test_inside_equals_transformers(height: int, width: int, most_high: int, most_wide: int) -> None:
    from transformers.image_utils import get_image_size_for_max_height_width

    theirs = get_image_size_for_max_height_width((height, width), most_high, most_wide)
    assert sizes.inside((height, width), most_high, most_wide) == theirs


@given(height=EDGES, width=EDGES, target=EDGES)
def test_rounding_keeps_the_short_edge_exact(height: int, width: int, target: int) -> None:
    made = sizes.shortest_edge((height, width), target, nearest=True)
    assert min(made) == target
    assert abs(max(made) - max(height, width) * target / min(height, width)) <= 0.5
