from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edge.tasks.ocr.batches import batches

WIDTHS = (32, 64, 128, 320, 640)


@given(st.lists(st.integers(1, 640), max_size=60))
def test_every_line_is_in_one_batch_that_has_room_for_it(lines: list[int]) -> None:
    planned = batches(lines, WIDTHS, room=640)
    assert sorted(line for batch in planned for line in batch.members) == list(range(len(lines)))
    for batch in planned:
        assert batch.width == min(width for width in WIDTHS if width >= max(lines[line] for line in batch.members))


@given(st.lists(st.integers(1, 640), max_size=60), st.integers(1, 2000))
def test_a_line_is_as_wide_as_if_it_were_alone_and_no_batch_is_over_the_room(lines: list[int], room: int) -> None:
    for batch in batches(lines, WIDTHS, room):
        assert {batches([lines[line]], WIDTHS, room)[0].width for line in batch.members} == {batch.width}
        assert len(batch.members) == 1 or batch.pixels <= room


def test_a_batch_is_as_large_as_the_room_allows() -> None:
    assert [len(batch.members) for batch in batches([100] * 12, WIDTHS, 640)] == [5, 5, 2]
