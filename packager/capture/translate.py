"""The seam where exceptions of transformers, safetensors and torch become ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from edge.errors import EdgeError, EnvironmentLackError
from packager.errors import SourceError, UnsupportedModelError

LONGEST = 300
TORCH_OUT_OF_MEMORY = "can't allocate memory"


@contextmanager
def translating(
    message: str,
    kind: type[SourceError | UnsupportedModelError | EnvironmentLackError],
    *,
    remedy: str,
    told: Callable[[BaseException], str] | None = None,
) -> Iterator[None]:
    """Raise `kind` for any exception of a library, with `message` and what `told` makes of it: else its first line."""
    try:
        yield
    except EdgeError:
        raise
    except MemoryError as error:
        raise too_little_memory(message) from error
    except ImportError as error:
        raise UnsupportedModelError(
            f"{message}: it needs a package that is not used here ({first_line(error)})", remedy="use another model"
        ) from error
    # transformers raises nearly every class there is, and what it raises changes with its versions.
    except Exception as error:
        if TORCH_OUT_OF_MEMORY in str(error):
            raise too_little_memory(message) from error
        raise kind(f"{message}: {(told or first_line)(error)}", remedy=remedy) from error


def writing(folder: Path) -> AbstractContextManager[None]:
    """Raise EnvironmentLackError where files cannot be written: a full disk above all."""
    return translating(f"{folder} cannot be written", EnvironmentLackError, remedy="free space there, or set TMPDIR")


@contextmanager
def within_memory() -> Iterator[None]:
    """Raise EnvironmentLackError where memory runs out in code of ours."""
    try:
        yield
    except MemoryError as error:
        raise too_little_memory("the capture cannot go on") from error
    except RuntimeError as error:
        if TORCH_OUT_OF_MEMORY in str(error):
            raise too_little_memory("the capture cannot go on") from error
        raise


def too_little_memory(what: str) -> EnvironmentLackError:
    """The error, whoever ran out of memory."""
    return EnvironmentLackError(f"{what}: not enough memory", remedy="close other programs, or allow more memory")


def first_line(error: BaseException) -> str:
    """The exception's first line that says something, bounded."""
    lines = (line.strip() for line in str(error).splitlines())
    text = next((line for line in lines if line), type(error).__name__)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
