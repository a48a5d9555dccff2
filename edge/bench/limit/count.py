"""The process that counts: reads an artifact's path and feeds from standard input, writes what it computes and moves.

It is one of its own since a graph that is not optimised may take more memory than the one that was measured.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from edge.bench.limit.work import Work, work_of
from edge.child import private_stdout
from edge.engines.base import Array
from edge.engines.frames import read_frame
from edge.engines.ort_nodes import run_nodes
from edge.errors import EdgeError


def count(path: Path, feeds: Mapping[str, Array]) -> Work:
    """The work of one query; raises SessionError where the graph cannot be run."""
    run = run_nodes(path, feeds)
    work = work_of(run.nodes)
    # Shared weights are read from memory once at least.
    there = sum(file.stat().st_size for file in (path, path.with_name(f"{path.name}.data")) if file.exists())
    ends = sum(array.nbytes for array in feeds.values()) + run.outputs
    return Work(work.flops, min(work.bytes, there) + ends, work.uncounted)


def main() -> None:
    """Entry point of the process."""
    with private_stdout() as replies:
        header, feeds = read_frame(sys.stdin.buffer)
        try:
            reply = vars(count(Path(header["path"]), feeds))
        except EdgeError as error:
            reply = {"error": error.message}
        replies.write(json.dumps(reply).encode())


if __name__ == "__main__":
    main()
