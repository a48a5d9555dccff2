"""Which characters are written how."""

from __future__ import annotations

WIDE = (("\u2e80", "\u9fff"), ("\uac00", "\ud7af"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
"""First and last characters of the scripts that may be written from top to bottom."""

FIRST_WITHOUT_SPACES = "\u2e80"
"""What is from here on (East Asian scripts, full-width forms) is written without spaces."""


def is_wide(text: str) -> bool:
    """Whether most of its characters are of a script that may be written from top to bottom."""
    return 2 * sum(any(first <= one <= last for first, last in WIDE) for one in text) > len(text)


def is_spaced(text: str) -> bool:
    """Whether all of its characters are of scripts that part words by spaces."""
    return all(one < FIRST_WITHOUT_SPACES for one in text)
