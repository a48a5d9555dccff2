"""Waits until a machine is as cool as it was, by its own thermometers and never for a fixed time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from edge.bench.clock import Clock
from edge.bench.evidence.host import Host, UnreadableError
from edge.bench.evidence.thermal import temperatures

TOLERANCE = 2.0
"""°C above the temperature to which a zone is to cool."""

LEVEL = 0.5
"""°C by which a zone must still fall within LEVEL_SECONDS for waiting to be worth it."""

LEVEL_SECONDS = 30.0
INTERVAL = 1.0

COOL = "cool"
AS_COOL_AS_IT_GETS = "as cool as it gets"
MOST = "not cool in time"
BLIND = "no thermometer"


def thermometers() -> Mapping[str, float]:
    """°C by thermal zone of this machine; nothing where it tells none."""
    try:
        return temperatures(Host())
    except UnreadableError:
        return {}


@dataclass(frozen=True)
class Cooled:
    """How long it took, in seconds, why waiting ended (one of the words above), and the hottest zone's °C then."""

    seconds: float
    reason: str
    hottest: float | None


@dataclass
class Cooling:
    """`read` gives °C by zone, or nothing where there is no thermometer.

    Every zone is to come down to what it had when `wait` was first called, or to `target`. It ends, too, where no zone
    that is too hot falls any further, and after `most` seconds.
    """

    read: Callable[[], Mapping[str, float]]
    clock: Clock
    target: float | None = None
    most: float = 600.0
    _first: dict[str, float] = field(default_factory=dict)

    def wait(self) -> Cooled:
        """Return once the machine is cool, with what it took."""
        start = self.clock.now()
        seen: deque[tuple[float, dict[str, float]]] = deque()
        while True:
            zones, now = dict(self.read()), self.clock.now()
            if not self._first:
                self._first = dict(zones)
            hot = {name: heat for name, heat in zones.items() if heat > self._aim(name, heat) + TOLERANCE}
            reason = "" if zones else BLIND
            if zones and not hot:
                reason = COOL
            elif zones and now - start >= self.most:
                reason = MOST
            elif zones and seen and now - seen[0][0] >= LEVEL_SECONDS:
                _, before = seen.popleft()
                if all(before.get(name, heat) - heat < LEVEL for name, heat in hot.items()):
                    reason = AS_COOL_AS_IT_GETS
            if reason:
                return Cooled(now - start, reason, max(zones.values(), default=None))
            seen.append((now, zones))
            self.clock.wait_until(now + INTERVAL)

    def _aim(self, name: str, heat: float) -> float:
        return self.target if self.target is not None else self._first.setdefault(name, heat)
