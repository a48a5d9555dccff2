"""Runs in EDGEPACK_LITE_PYTHON: opt and Paddle Lite x86 for one program after another, at milliseconds each."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from edge.engines.base import Array, Asked
from edge.engines.frames import read_frame, write_frame
from edge.engines.lite import LiteSession
from edge.manifest import TensorSpec
from packager.emit.lite_worker import optimise


def main() -> None:
    # Paddle Lite prints on standard output; replies travel on a private copy.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            header, feeds = read_frame(sys.stdin.buffer)
        except EOFError:
            return
        for place in header["places"]:
            optimise(header["model"], header["params"], place, Path(header["folder"]) / f"program.{place}.nb")
        specs = [tuple(TensorSpec.from_json(spec) for spec in header[key]) for key in ("inputs", "outputs")]
        session = LiteSession(Path(header["folder"]) / "program.x86.nb", specs[0], specs[1], Asked(threads=1))
        outputs: dict[str, Array] = {}
        for number in range(header["samples"]):
            taken = {spec.name: feeds[f"{number}/{spec.name}"] for spec in specs[0]}
            outputs |= {f"{number}/{name}": array for name, array in session.run(taken).items()}
        session.close()
        write_frame(replies, {}, outputs)


if __name__ == "__main__":
    main()
