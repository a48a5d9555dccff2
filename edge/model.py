"""What every loaded bundle is to those who use it, whatever it does inside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, overload

from edge.errors import InputError
from edge.results import Result

if TYPE_CHECKING:
    from typing_extensions import Self

    from edge.bundle import Bundle
    from edge.engines import Session
    from edge.manifest import Artifact, Stage

DEFAULT_BATCH = 8


class Model(ABC):
    """A bundle that is ready to run; made by `edge.load`. Use it from one thread at a time.

    An input is what the bundle's task takes: an image (a path, encoded bytes, a binary file object, or uint8 of shape
    (height, width, 3)), a text, or for raw tensors a path of an `.npz` or a mapping of arrays.
    """

    def __init__(self, bundle: Bundle, artifact: Artifact, session: Session) -> None:
        """`artifact` and `session` are those of the first stage."""
        self.bundle = bundle
        self.artifact = artifact
        self.session = session

    @property
    @abstractmethod
    def kind(self) -> str:
        """What an input is: `image`, `text` or `tensors`."""

    @property
    @abstractmethod
    def batches(self) -> bool:
        """Whether several inputs can be given to the engine at once."""

    @property
    def threads(self) -> int:
        """How many threads compute, as `Session.threads` tells."""
        return self.session.threads

    @abstractmethod
    def outcomes(self, inputs: Iterable[Any], batch_size: int = 1) -> Iterator[Result | InputError]:
        """For every input, in order, its result or the reason why there is none.

        Inputs are read as they are needed. Where not `batches`, `batch_size` is not used.
        """

    @abstractmethod
    def close(self) -> None:
        """Free the engine; closing twice is fine."""

    @overload
    def __call__(self, given: list[Any]) -> list[Result]: ...
    @overload
    def __call__(self, given: Any) -> Result: ...
    def __call__(self, given: Any) -> Result | list[Result]:
        """One result for an input, a list of results for a list of inputs; raises InputError for one that is bad."""
        if isinstance(given, list):
            return self.run_batch(given)
        return self.run_batch([given], 1)[0]

    def run_batch(self, inputs: Iterable[Any], batch_size: int = DEFAULT_BATCH) -> list[Result]:
        """A result for every input, `batch_size` at a time; raises InputError for the first bad one."""
        results: list[Result] = []
        for outcome in self.outcomes(inputs, batch_size):
            if isinstance(outcome, InputError):
                raise outcome
            results.append(outcome)
        return results

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class Start(Protocol):
    """Opens the session of a stage, with as many threads as were asked for or with `count`."""

    def __call__(self, stage: Stage, count: int | None = ..., *, spare: bool = ...) -> Session:
        """Raises what `edge.engines.open_session` raises."""


Opened = Callable[["Mapping[str, Artifact]", Start, "int | None"], Model]
"""A manifest that was found sound; given the artifact of each stage by name, and the threads, it becomes a model."""


def check_batch(size: int) -> None:
    """Raises InputError for a batch of nothing."""
    if size < 1:
        raise InputError(f"a batch of {size} is not possible", remedy="give a number from 1")
