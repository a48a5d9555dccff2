"""Small files of a model folder, read with a bound: whoever wrote the folder may be hostile."""

from __future__ import annotations

import json
from pathlib import Path

from packager.errors import SourceError


def read_bounded(path: Path, limit: int) -> bytes:
    """The whole file; raises SourceError where it has more than `limit` bytes or cannot be read."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror})", remedy="check the path and its rights"
        ) from error
    if len(data) > limit:
        raise SourceError(f"{path} is larger than the {limit} bytes allowed for it", remedy="use another model")
    return data


def read_object(path: Path, limit: int) -> dict[str, object]:
    """A JSON object from a UTF-8 file of at most `limit` bytes; raises SourceError where it is anything else."""
    return parse_object(read_bounded(path, limit), str(path))


def parse_object(data: bytes, where: str) -> dict[str, object]:
    """A JSON object without repeated keys; raises SourceError that begins with `where`."""
    try:
        parsed = json.loads(data.decode("utf-8"), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise SourceError(f"{where} is not JSON ({reason})", remedy="copy or download the model again") from error
    if not isinstance(parsed, dict):
        raise SourceError(f"{where} holds no JSON object", remedy="copy or download the model again")
    return parsed


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Readers disagree on which of two equal keys counts; a file that we and they read differently is refused.
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found
