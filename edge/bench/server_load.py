"""What a server was asked and held: rates, arrivals, the bound of its latency."""

from __future__ import annotations

from dataclasses import dataclass

from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Probe(Record):
    """One rate that was tried: `over` of its `queries`, in so many seconds, took longer than the bound.

    It ends early once too many did.
    """

    rate: float
    seed: int
    queries: int
    over: int
    seconds: float
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Server(Record):
    """Queries that came at random times (Poisson), `rate` a second on average, whether or not the last was answered.

    `holds`: with 99% confidence, the share `percentile` (0.99) of queries is answered within `bound` seconds of its
    arrival. The measurement's samples are those latencies, waiting included; `arrivals` are seconds from the start of
    the steady phase, drawn from `seed`. `probes` are the rates of the search for the highest that holds, in order; none
    where the rate was given.
    """

    rate: float
    bound: float
    percentile: float
    seed: int
    holds: bool
    arrivals: tuple[float, ...]
    probes: tuple[Probe, ...] = ()
