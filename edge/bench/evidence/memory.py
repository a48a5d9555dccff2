"""Memory that was moved out of RAM, and time that was lost waiting."""

from __future__ import annotations

from contextlib import suppress

from edge.bench.evidence.host import Host, UnreadableError


def swap(host: Host) -> int:
    """Bytes in swap, on disk and in zram; raises UnreadableError."""
    sizes = dict(line.split(":", 1) for line in host.text("proc/meminfo").splitlines() if ":" in line)
    try:
        total, free = (int(sizes[name].split()[0]) for name in ("SwapTotal", "SwapFree"))
    except (KeyError, ValueError, IndexError) as error:
        raise UnreadableError("/proc/meminfo does not tell SwapTotal and SwapFree") from error
    return (total - free) << 10


def zram(host: Host) -> int:
    """Bytes that are stored in zram, before compression (`orig_data_size`, the first figure of `mm_stat`)."""
    stored = 0
    for name in host.match("sys/block/zram*/mm_stat"):
        first = host.text(name).partition(" ")[0]
        if not first.isdigit():
            raise UnreadableError(f"/{name} begins with {first[:20]!r}, no number")
        stored += int(first)
    return stored


def pressure(host: Host) -> dict[str, float]:
    """Seconds since boot in which some task waited, for `cpu`, `memory` and `io`; raises UnreadableError.

    Raspberry Pi's kernels leave this off unless `psi=1` is on their command line.
    """
    waited: dict[str, float] = {}
    for resource in ("cpu", "memory", "io"):
        with suppress(UnreadableError):
            for line in host.text(f"proc/pressure/{resource}").splitlines():
                kind, _, total = line.partition(" ")[0], *line.rpartition("total=")[1:]
                if kind == "some" and total.isdigit():
                    waited[resource] = int(total) / 1e6
    if not waited:
        raise UnreadableError("/proc/pressure tells nothing (psi=1 on the kernel's command line would turn it on)")
    return waited
