"""What to measure, as the measured process is told."""

from __future__ import annotations

from dataclasses import dataclass

from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Plan(Record):
    """Without `input` the golden vectors go to the engine alone.

    `bundle` is a path, `input` a path or a text. An empty `engine` is the preferred one, an empty `precision` that of
    its first artifact, `threads` 0 are all that the process may use. `batch` inputs are a query. `warmup` queries, and
    at least one, go before the steady phase, which `min_seconds`, `min_samples` and `max_seconds` end. `seed` draws
    arrivals and varied inputs. A server answers the share `percentile` within `bound` seconds, at `rate` queries a
    second, or at the highest rate at which it can (0). `dataset` is a path, of which the examples with all `tags`
    count. Where `watched`, sensors are read meanwhile. `limit` asks how fast this machine could be. `started` is the
    monotonic time, in seconds, before the process was made.
    """

    bundle: str
    scenario: str = "single-stream"
    input: str = ""
    engine: str = ""
    precision: str = ""
    providers: tuple[str, ...] = ()
    threads: int = 0
    batch: int = 1
    warmup: int = 5
    min_seconds: float = 3.0
    min_samples: int = 64
    max_seconds: float = 60.0
    seed: int = 0
    rate: float = 0.0
    bound: float = 0.0
    percentile: float = 0.99
    dataset: str = ""
    tags: tuple[str, ...] = ()
    watched: bool = True
    limit: bool = False
    started: float = 0.0
