"""Temperatures, and what the kernel does about them."""

from __future__ import annotations

from contextlib import suppress

from edge.bench.evidence.host import Host, UnreadableError

ZONES = "sys/class/thermal/thermal_zone*"
COOLERS = "sys/class/thermal/cooling_device*"
SLOWING = ("cpufreq", "throttle-alert", "hot-surface-alert", "Processor")
"""Parts of the types of cooling devices that slow a processor down; the others are fans and radios."""


def temperatures(host: Host) -> dict[str, float]:
    """°C by type of thermal zone; raises UnreadableError where not one zone answers.

    Single zones may stay silent: Orin's `cv*-thermal` answer EAGAIN while their block sleeps.
    """
    found: dict[str, float] = {}
    for name in host.match(ZONES):
        with suppress(UnreadableError):
            kind = host.text(f"{name}/type")
            found[kind if kind not in found else f"{kind} {name.rpartition('zone')[2]}"] = (
                host.number(f"{name}/temp") / 1000
            )
    if not found:
        raise UnreadableError(f"no /{ZONES} tells a temperature")
    return found


def cooling(host: Host) -> dict[str, int]:
    """States of the cooling devices that slow the processor down, by type; 0 is full speed."""
    states: dict[str, int] = {}
    for name in host.match(COOLERS):
        with suppress(UnreadableError):
            kind = host.text(f"{name}/type")
            if any(part in kind for part in SLOWING):
                state = host.number(f"{name}/cur_state")
                states[kind] = max(state, states.get(kind, 0))
    return states
