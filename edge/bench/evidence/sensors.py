"""The registry of sensors: what each contributes to a reading, and which machines have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from edge.bench.evidence.clocks import firmware_clock, policy_clocks
from edge.bench.evidence.host import Host, UnreadableError
from edge.bench.evidence.jetson import rails
from edge.bench.evidence.memory import pressure, swap, zram
from edge.bench.evidence.thermal import temperatures
from edge.bench.evidence.throttle import quota, throttle, under_voltage


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """`read` gives fields of a Reading, or raises UnreadableError; `there` says whether this machine should have it."""

    name: str
    read: Callable[[Host], Mapping[str, Any]]
    there: Callable[[Host], bool] = lambda _host: True


SENSORS: dict[str, Sensor] = {
    sensor.name: sensor
    for sensor in (
        Sensor(name="clock", read=lambda host: {"clocks": policy_clocks(host)}),
        Sensor(
            name="firmware clock", read=lambda host: {"clocks": firmware_clock(host)}, there=lambda host: host.raspberry
        ),
        Sensor(name="temperature", read=lambda host: {"temperatures": temperatures(host)}),
        Sensor(name="throttle", read=throttle),
        Sensor(name="quota", read=lambda host: {"throttle_events": quota(host)}),
        Sensor(name="under-voltage", read=under_voltage, there=lambda host: host.raspberry),
        Sensor(name="power", read=lambda host: {"power": rails(host)}, there=lambda host: host.jetson),
        Sensor(name="pressure", read=lambda host: {"pressure": pressure(host)}),
        Sensor(name="swap", read=lambda host: {"swap": swap(host)}),
        Sensor(name="zram", read=lambda host: {"zram": zram(host)}),
    )
}


def read_sensors(host: Host, unreadable: MutableMapping[str, str]) -> dict[str, Any]:
    """Fields of a Reading from every sensor of this machine; of those that fail, `unreadable` is told why."""
    fields: dict[str, Any] = {}
    for sensor in SENSORS.values():
        if sensor.there(host):
            try:
                for field, value in sensor.read(host).items():
                    fields[field] = {**fields.get(field, {}), **value} if isinstance(value, Mapping) else value
            except UnreadableError as error:
                unreadable[sensor.name] = str(error)
    return fields
