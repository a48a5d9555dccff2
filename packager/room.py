"""A full disk, in our words: the build's temporary files can be many times as large as the model."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from edge.errors import EnvironmentLackError

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def enough_room() -> Iterator[None]:
    """Raise EnvironmentLackError where temporary files no longer fit."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise EnvironmentLackError(
            "no room left for temporary files", remedy="free some space, or name a folder on another disk with TMPDIR"
        ) from error
