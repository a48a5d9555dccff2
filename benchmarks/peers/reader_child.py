"""`python -m benchmarks.peers.reader_child NAME THREADS [BUNDLE]`: a reader of text in a process of its own.

First it says how long it took to be ready. Then each line of standard input is a list of paths; each answer is a line
of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.peers.ours import OURS
from benchmarks.peers.readers import READERS
from edge.bench.evidence.host import Host
from edge.bench.evidence.processes import family, status, usage


def main(name: str, threads: str, *bundle: str) -> None:
    """Serve until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # libraries talk on standard output
    start = time.perf_counter()
    reader = OURS[name](int(threads), Path(*bundle)) if bundle else READERS[name](int(threads))
    _say(answers, {"seconds": time.perf_counter() - start, **_memory(int(threads))})
    for asked in sys.stdin:
        paths = [Path(path) for path in json.loads(asked)]
        start = time.perf_counter()
        lines = reader.read(paths)
        seconds = time.perf_counter() - start
        _say(answers, {"lines": lines, "seconds": seconds, **_memory(int(threads))})


def _say(answers: Any, found: dict[str, Any]) -> None:
    print(json.dumps(found), file=answers, flush=True)


def _memory(threads: int) -> dict[str, int]:
    """Bytes now and at the peak, of this process and those below; what has ended ran once for each thread."""
    host = Host()
    members = family(host, os.getpid())
    peak = sum(status(host, f"proc/{member}/status")["VmHWM"] for member in members) << 10
    ended = (resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10) * threads
    return {"resident": usage(host, members).rss, "peak": peak + ended}


if __name__ == "__main__":
    main(*sys.argv[1:])
