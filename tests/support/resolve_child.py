"""Resolves a source in a process of its own, as the command line does, and says which sockets it reached for.

    python resolve_child.py '{"source": "org/name", "offline": true}'

Prints one JSON object: `revision`, `kind` and `files` of the source, or `error` and `remedy`; and `sockets`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

sockets: list[str] = []


def note(event: str, arguments: tuple[Any, ...]) -> None:
    """Keep every name look-up and connection."""
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        sockets.append(f"{event} {arguments[-1] if event == 'socket.connect' else arguments[0]}")


if __name__ == "__main__":
    sys.addaudithook(note)
    from edge.errors import EdgeError
    from packager.hub import resolve

    reply: dict[str, object]
    try:
        found = resolve(**json.loads(sys.argv[1]))
        reply = {"kind": found.kind, "revision": found.revision, "files": [one.to_json() for one in found.files]}
    except EdgeError as error:
        reply = {"error": error.message, "remedy": error.remedy}
    sys.stdout.write(json.dumps(reply | {"sockets": sockets}))
