"""What is written with commas in an option of several commands."""

from __future__ import annotations

import click

# Digits of a size.
LONGEST = 9


def split(text: str) -> tuple[str, ...]:
    """The words, each once."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def sizes(text: str) -> dict[str, int]:
    """`batch=1,sequence=128` as numbers; raises BadParameter for anything else."""
    found: dict[str, int] = {}
    for word in split(text):
        axis, _, size = word.partition("=")
        if not axis or not size.isdecimal() or len(size) > LONGEST or axis in found:
            raise click.BadParameter(f"{word!r} is no AXIS=SIZE, or its axis is named twice", param_hint="--shape")
        found[axis] = int(size)
    return found
