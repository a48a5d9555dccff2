"""The command that looks into a build that was stopped by parity, as the remedy of its error."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from packager.errors import ParityError
from packager.order import Order
from packager.parity.worst import REMEDY

CAPTURED = ("huggingface", "folder")
"""The kinds of sources that are captured from torch: only these have nodes to blame."""


@contextmanager
def naming_blame(command: str, kind: str) -> Iterator[None]:
    """Let an error of a network that drifts name the command."""
    try:
        yield
    except ParityError as error:
        if kind in CAPTURED and error.remedy == REMEDY:
            error.remedy = f"{command} finds the first node that drifts; without this engine it may build"
        raise


def blame_command(
    source: str, order: Order, *, revision: str | None, offline: bool, allow_licences: Sequence[str]
) -> str:
    """The command line with the options of the build that matter to it."""
    usual = Order()
    options = [
        ("--task", order.task if order.task != usual.task else ""),
        ("--revision", revision),
        ("--engine", ",".join(order.engines) if order.engines != usual.engines else ""),
        ("--shape", ",".join(f"{axis}={size}" for axis, size in order.shape.items())),
        ("--seed", str(order.seed) if order.seed != usual.seed else ""),
        ("--samples", str(order.samples or "")),
        *(("--allow-licence", one) for one in allow_licences),
    ]
    words = [word for name, value in options if value for word in (name, value)]
    return shlex.join(["packager", "blame", source, *words, *(["--offline"] if offline else [])])
