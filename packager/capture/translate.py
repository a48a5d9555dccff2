"""The seam where exceptions of transformers, safetensors and torch become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from edge.errors import EdgeError, EnvironmentLackError
from packager.errors import SourceError, UnsupportedModelError

LONGEST = 300


@contextmanager
def translating(message: str, kind: type[SourceError | UnsupportedModelError], *, remedy: str) -> Iterator[None]:
    """Raise `kind` with `message` and the first line of what went wrong for any exception of a library."""
    try:
        yield
    except EdgeError:
        raise
    except MemoryError as error:
        raise EnvironmentLackError(f"{message}: not enough memory", remedy="allow more memory") from error
    except ImportError as error:
        raise UnsupportedModelError(
            f"{message}: it needs a package that is not used here ({first_line(error)})", remedy="use another model"
        ) from error
    # transformers raises nearly every class there is, and what it raises changes with its versions.
    except Exception as error:
        if "can't allocate memory" in str(error):
            raise EnvironmentLackError(f"{message}: not enough memory", remedy="allow more memory") from error
        raise kind(f"{message}: {first_line(error)}", remedy=remedy) from error


def first_line(error: BaseException) -> str:
    """The exception's first line that says something, bounded."""
    lines = (line.strip() for line in str(error).splitlines())
    text = next((line for line in lines if line), type(error).__name__)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
