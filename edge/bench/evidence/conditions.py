"""The conditions of a measurement: what the machine is set to, and what its sensors said meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.records import Record


@dataclass(frozen=True, kw_only=True)
class Reading(Record):
    """What the sensors said at one moment; a value that could not be read is None, or has no entry.

    `at` is in seconds from the start of the steady phase, negative before it. `clocks` are in kHz by cpufreq policy,
    `temperatures` in °C by type of thermal zone, `power` in W by rail. `throttled` are the bits of Raspberry Pi's
    firmware, `alarms` what is above 0 while the machine is held back (cooling devices of the processor, under-voltage),
    `throttle_events` counts since boot of what Jetson, PCs and control groups count. `pressure` is the time since boot,
    in seconds, in which some task waited for `cpu`, `memory` or `io` (PSI). `swap` and `zram` are bytes stored there,
    `rss` is of the measured process and its children. `foreign_cpu` are the CPUs that others kept busy since the
    reading before: 0.5 is half of one.
    """

    at: float
    clocks: Mapping[str, int] = field(default_factory=dict)
    temperatures: Mapping[str, float] = field(default_factory=dict)
    throttled: int | None = None
    alarms: Mapping[str, int] = field(default_factory=dict)
    throttle_events: Mapping[str, int] = field(default_factory=dict)
    power: Mapping[str, float] = field(default_factory=dict)
    pressure: Mapping[str, float] = field(default_factory=dict)
    swap: int | None = None
    zram: int | None = None
    rss: int | None = None
    foreign_cpu: float | None = None


@dataclass(frozen=True, kw_only=True)
class Conditions(Record):
    """What stood while a measurement ran, and the readings of its steady phase.

    `model` is the device tree's (empty on a PC), `cpu` the part of its cores. `governors` and `clock_limits` (the
    lowest and highest kHz allowed) are by cpufreq policy. `power_mode` is nvpmodel's, `jetson_clocks` whether clocks
    are pinned, None off Jetson. `affinity` are the CPUs that the process may use. `before` and `after` frame the
    steady phase, `readings` lie in it, `sampler_cost` is what taking them cost, as a share of one CPU. The switches
    are those of the measured process and its children in the steady phase. `unreadable` says of each sensor that this
    machine should have, and that could not be read, why.
    """

    model: str = ""
    cpu: str = ""
    kernel: str = ""
    os: str = ""
    governors: Mapping[str, str] = field(default_factory=dict)
    clock_limits: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    power_mode: str = ""
    jetson_clocks: bool | None = None
    affinity: tuple[int, ...] = ()
    before: Reading | None = None
    after: Reading | None = None
    readings: tuple[Reading, ...] = ()
    sampler_cost: float = 0.0
    voluntary_switches: int | None = None
    involuntary_switches: int | None = None
    unreadable: Mapping[str, str] = field(default_factory=dict)
