"""The table of hops: how far each representation is from the reference."""

from __future__ import annotations

from edge.cli.printer import table
from edge.manifest import Stage

HEAD = ("hop", "output", "max abs", "tolerance", "relative", "cosine", "top-1", "samples", "batches")


def hop_table(stage: Stage, *, indent: int = 0) -> list[str]:
    """One row for each hop and output; errors are in the output's own unit."""
    rows = [
        (
            hop.hop,
            hop.output,
            f"{hop.max_abs:.2e}",
            f"{hop.tolerance:.2e}",
            f"{hop.max_relative:.2e}",
            f"{hop.cosine:.6f}",
            f"{hop.top1:.0%}" if hop.top1 >= 0 else "-",
            str(hop.samples),
            ", ".join(map(str, hop.batches)),
        )
        for hop in stage.parity
    ]
    return table([HEAD, *rows], indent=indent)
