from __future__ import annotations

import logging

import pytest

from packager.progress import step


def test_a_step_is_told_with_its_seconds_when_it_is_done(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "packager.build"):
        with step("capture", "a model"):
            assert not caplog.messages
        (said,) = caplog.messages
    assert said.split() == ["capture", said.split()[1], "s", "a", "model"]
    assert float(said.split()[1]) >= 0


def test_a_step_that_fails_leaves_the_word_to_its_error(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(ValueError, match="broken"), step("capture", "a model"):
        raise ValueError("broken")
    assert not caplog.messages
