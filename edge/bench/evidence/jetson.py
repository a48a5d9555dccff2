"""Jetson's own tools: power mode, pinned clocks, power by rail."""

from __future__ import annotations

import re
from contextlib import suppress

from edge.bench.evidence.clocks import clock_limits
from edge.bench.evidence.host import Host, UnreadableError

RAIL = re.compile(r"\b(V\w+) (\d+)mW\b")
MODE = re.compile(r"NV Power Mode: *(\S+)")
DEFINED = re.compile(r"^\s*<\s*POWER_MODEL\s+ID=(\d+)\s+NAME=(\S+)\s*>", re.MULTILINE)


def power_mode(host: Host) -> str:
    """The mode's name as `nvpmodel -q` says it, or from the files that it keeps; raises UnreadableError."""
    with suppress(UnreadableError):
        if said := MODE.search(host.run("nvpmodel", "-q")):
            return str(said[1])
    kept = host.text("var/lib/nvpmodel/status").removeprefix("pmode:")
    names = {int(number): str(name) for number, name in DEFINED.findall(host.text("etc/nvpmodel.conf"))}
    if not kept.isdigit() or int(kept) not in names:
        raise UnreadableError(f"/var/lib/nvpmodel/status names the mode {kept[:20]!r}, /etc/nvpmodel.conf does not")
    return names[int(kept)]


def jetson_clocks(host: Host) -> bool:
    """Whether clocks are pinned, which is what `jetson_clocks` does: the lowest allowed is the highest, everywhere."""
    limits = clock_limits(host)
    gpu = [
        (host.number(f"{name}/min_freq"), host.number(f"{name}/max_freq"))
        for name in host.match("sys/class/devfreq/*.gpu")
    ]
    return bool(limits) and all(low == high for low, high in [*limits.values(), *gpu])


def rails(host: Host) -> dict[str, float]:
    """W by rail, of the next line of `tegrastats` (its first figure is the present one, the second an average)."""
    line = host.run("tegrastats", "--interval", "100", lines=1)
    found = {name: int(milliwatts) / 1000 for name, milliwatts in RAIL.findall(line)}
    if not found:
        raise UnreadableError(f"tegrastats tells no power: {line.strip()[:80]!r}")
    return found
