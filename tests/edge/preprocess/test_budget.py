from __future__ import annotations

from edge.preprocess.budget import max_pixels_within


def test_forty_megapixels_fit_into_600_megabytes() -> None:
    assert max_pixels_within(600_000_000) >= 40_000_000


def test_the_bound_grows_with_memory_and_has_ends() -> None:
    found = [max_pixels_within(memory) for memory in (0, 300_000_000, 600_000_000, 1 << 40)]
    assert found == sorted(found)
    assert found[0] == 1_000_000
    assert found[-1] == 64 << 20
