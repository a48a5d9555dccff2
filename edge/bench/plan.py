"""What to measure, as the measured process is told."""

from __future__ import annotations

from dataclasses import dataclass

from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Plan(Record):
    """Without `input` the golden vectors go to the engine alone.

    `bundle` is a path, `input` a path or a text. An empty `engine` is the preferred one, `threads` 0 are all that the
    process may use. `batch` inputs are a query. `warmup` queries, and at least one, go before the steady phase, which
    `min_seconds`, `min_samples` and `max_seconds` end. `started` is the monotonic time, in seconds, before the process
    was made.
    """

    bundle: str
    scenario: str = "single-stream"
    input: str = ""
    engine: str = ""
    providers: tuple[str, ...] = ()
    threads: int = 0
    batch: int = 1
    warmup: int = 5
    min_seconds: float = 3.0
    min_samples: int = 64
    max_seconds: float = 60.0
    started: float = 0.0
