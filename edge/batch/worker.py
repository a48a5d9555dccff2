"""The main program of a worker: one model, a line of JSON for each chunk, a line for each of its records.

It ends at the end of its input, and with the process that started it, however that one ends.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from edge.batch.job import Job
from edge.batch.memory import limit_data, resident
from edge.batch.records import SHORT, Record, encode_record, failed, succeeded
from edge.batch.render import Render, renderer
from edge.child import private_stdout
from edge.errors import EdgeError, InputError

if TYPE_CHECKING:
    from edge.runtime import Model


def main() -> None:
    """Serve chunks until there are no more; what cannot be started or run is said and ends the process."""
    _die_with(int(sys.argv[1]))
    # A terminal's Ctrl-C is the business of the process that started this one: it lets a chunk be finished.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with private_stdout() as replies:
        try:
            _serve(sys.stdin.buffer, replies)
        except EdgeError as error:
            _say(replies, {"error": type(error).__name__, "message": error.message, "remedy": error.remedy})


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    said = json.loads(requests.readline())
    job = Job.from_json(said["job"])
    pixels = said["pixels"] or None
    with job.load(said["threads"], pixels) as model:
        render = renderer(job.form, model.bundle.manifest.task, pixels)
        limit_data(said["share"])
        _say(replies, {"kind": model.kind, "resident": resident()})
        for line in requests:
            chunk = json.loads(line)
            for record in _records(model, render, chunk, job.batch):
                replies.write(encode_record(record))
                replies.flush()
            _say(replies, {"done": True, "resident": resident()})


def _records(model: Model, render: Render, chunk: Mapping[str, list[Any]], batch: int) -> Iterator[Record]:
    names, values = chunk["names"], chunk["values"]
    for name, value, outcome in zip(names, values, model.outcomes(values, batch), strict=True):
        if not isinstance(outcome, InputError):
            yield succeeded(name, render(name, value, outcome))
        elif isinstance(outcome.__cause__, MemoryError):
            yield {**failed(name, outcome), SHORT: True}
        else:
            yield failed(name, outcome)


def _say(replies: BinaryIO, reply: Mapping[str, Any]) -> None:
    replies.write(json.dumps(reply).encode() + b"\n")
    replies.flush()


def _die_with(parent: int) -> None:
    """Have the kernel kill this process once the thread is gone that started it: nobody would read the answers."""
    import ctypes

    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before
        sys.exit(1)


if __name__ == "__main__":
    main()
