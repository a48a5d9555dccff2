"""What to measure, as the measured process is told."""

from __future__ import annotations

from dataclasses import dataclass

from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Plan(Record):
    """Without `input` the golden vectors go to the engine alone.

    `bundle` is a path, `input` a path or a text. An empty `engine` is the preferred one, `threads` 0 are all that the
    process may use. `started` is the monotonic time, in seconds, before the process was made.
    """

    bundle: str
    input: str = ""
    engine: str = ""
    providers: tuple[str, ...] = ()
    threads: int = 0
    batch: int = 1
    runs: int = 50
    warmup: int = 5
    started: float = 0.0
