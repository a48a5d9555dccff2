"""The child's side of `lite_process`: serves one `LiteSession` over its standard input and output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, BinaryIO

from edge.child import private_stdout
from edge.engines import lite
from edge.engines.base import Asked
from edge.engines.frames import read_frame, write_frame
from edge.errors import EdgeError
from edge.manifest import TensorSpec


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Open what the first message names, then answer each set of feeds with outputs until the stream ends."""
    try:
        header, _ = read_frame(requests)
        session = _open(header)
    except EdgeError as error:
        write_frame(replies, _described(error), {})
        return
    write_frame(replies, {"threads": session.threads}, {})
    while True:
        try:
            _, feeds = read_frame(requests)
        except EOFError:
            return
        try:
            outputs = session.run(feeds)
        except EdgeError as error:
            write_frame(replies, _described(error), {})
        else:
            write_frame(replies, {}, outputs)


def _open(header: dict[str, Any]) -> lite.LiteSession:
    specs = {key: tuple(TensorSpec.from_json(spec, key) for spec in header[key]) for key in ("inputs", "outputs")}
    asked = Asked(threads=header["threads"], strict=header["strict"])
    return lite.LiteSession(Path(header["path"]), specs["inputs"], specs["outputs"], asked)


def _described(error: EdgeError) -> dict[str, str]:
    return {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}


def main() -> None:
    """Entry point of the child."""
    with private_stdout() as replies:
        serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
