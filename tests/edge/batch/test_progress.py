from __future__ import annotations

import io

import pytest

from edge.batch.progress import Progress, span

OK, BAD = {"status": "ok"}, {"status": "error"}


class Terminal(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that is set."""

    now = 50.0

    def __call__(self) -> float:
        return self.now


def test_a_terminal_sees_how_far_it_is_and_what_is_left() -> None:
    clock, out = Clock(), Terminal()
    progress = Progress(300, before=100, failed=1, out=out, clock=clock)
    clock.now += 4
    progress.add([OK] * 19 + [BAD])
    assert out.getvalue() == "\r120/300  40%  5/s  36 s left  2 failed\x1b[K"
    clock.now += 0.1
    progress.add([OK])
    assert out.getvalue().count("\r") == 1
    clock.now += 0.1
    progress.add([OK] * 179)
    assert out.getvalue().endswith("\r300/300  100%  47.6/s  2 failed\x1b[K")
    progress.clear()
    assert out.getvalue().endswith("\r\x1b[K")


def test_a_file_sees_nothing_of_it() -> None:
    out = io.StringIO()
    progress = Progress(2, out=out)
    progress.add([OK, BAD])
    progress.clear()
    assert (progress.done, progress.failed, out.getvalue()) == (2, 1, "")


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0 s"), (59.4, "59 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")])
def test_spans_are_for_people(seconds: float, said: str) -> None:
    assert span(seconds) == said
