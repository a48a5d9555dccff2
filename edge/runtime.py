"""A loaded bundle: decode, pre-process, engine, task, with a time for each."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, final, overload

from edge.bundle import Bundle, open_bundle
from edge.engines import Session, choose, open_session
from edge.errors import BundleError, InputError
from edge.machine import this_machine
from edge.manifest import Artifact
from edge.preprocess import Inputs, open_inputs
from edge.requirements import check_requirements
from edge.results import Result, Timings
from edge.tasks import STAGES, Read, Task, open_task

__all__ = ["Model", "load"]

DEFAULT_BATCH = 8


@dataclasses.dataclass(frozen=True)
class _Ready:
    """One input on its way: what the engine needs of it, and the seconds that this took."""

    prepared: Any
    decode: float
    preprocess: float


@final
class Model:
    """A bundle that is ready to run; made by `load`. Use it from one thread at a time.

    An input is what the bundle's task takes: an image (a path, encoded bytes, a binary file object, or uint8 of shape
    (height, width, 3)), a text, or for raw tensors a path of an `.npz` or a mapping of arrays.
    """

    def __init__(
        self,
        bundle: Bundle,
        artifact: Artifact,
        session: Session,
        inputs: Inputs,
        task: Task,
        later: Sequence[Session] = (),
    ) -> None:
        """`artifact` and `session` are those of the first stage, `later` the sessions of the others."""
        self.bundle = bundle
        self.artifact = artifact
        self.session = session
        self._inputs = inputs
        self._task = task
        self._later = later
        first = session.inputs[0].shape[0] if session.inputs and session.inputs[0].shape else 1
        if inputs.batches and isinstance(first, int) and first != 1:
            raise BundleError(f"{artifact.file} takes exactly {first} inputs at once", remedy="build it for any batch")
        self._one_by_one = isinstance(first, int) or not inputs.batches

    @property
    def kind(self) -> str:
        """What an input is: `image`, `text` or `tensors`."""
        return self._inputs.kind

    @property
    def batches(self) -> bool:
        """Whether several inputs can go through the engine at once."""
        return not self._one_by_one

    @overload
    def __call__(self, given: list[Any]) -> list[Result]: ...
    @overload
    def __call__(self, given: Any) -> Result: ...
    def __call__(self, given: Any) -> Result | list[Result]:
        """One result for an input, a list of results for a list of inputs; raises InputError for one that is bad."""
        if isinstance(given, list):
            return self.run_batch(given)
        return self._run([self._prepare(given)])[0]

    def run_batch(self, inputs: Iterable[Any], batch_size: int = DEFAULT_BATCH) -> list[Result]:
        """A result for every input, `batch_size` at a time; raises InputError for the first bad one."""
        results: list[Result] = []
        for outcome in self.outcomes(inputs, batch_size):
            if isinstance(outcome, InputError):
                raise outcome
            results.append(outcome)
        return results

    def outcomes(self, inputs: Iterable[Any], batch_size: int = 1) -> Iterator[Result | InputError]:
        """For every input, in order, its result or the reason why there is none.

        Inputs are read as they are needed. Where the artifact or the kind of input allows one at a time only,
        `batch_size` is not used.
        """
        if batch_size < 1:
            raise InputError(f"a batch of {batch_size} is not possible", remedy="give a number from 1")
        size = 1 if self._one_by_one else batch_size
        waiting: list[_Ready | InputError] = []
        for given in inputs:
            try:
                waiting.append(self._prepare(given))
            except InputError as error:
                waiting.append(error)
            if sum(isinstance(one, _Ready) for one in waiting) == size or isinstance(waiting[0], InputError):
                yield from self._flush(waiting)
                waiting = []
        yield from self._flush(waiting)

    def _flush(self, waiting: Sequence[_Ready | InputError]) -> Iterator[Result | InputError]:
        ready = [one for one in waiting if isinstance(one, _Ready)]
        results = iter(self._run(ready) if ready else ())
        for one in waiting:
            yield one if isinstance(one, InputError) else next(results)

    def _prepare(self, given: Any) -> _Ready:
        start = time.perf_counter()
        decoded = self._inputs.decode(given)
        middle = time.perf_counter()
        prepared = self._inputs.prepare(decoded)
        return _Ready(prepared, middle - start, time.perf_counter() - middle)

    def _run(self, ready: Sequence[_Ready]) -> list[Result]:
        start = time.perf_counter()
        prepared = [one.prepared for one in ready]
        feeds = self._inputs.feeds(prepared)
        before = time.perf_counter()
        outputs = self.session.run(feeds)
        after = time.perf_counter()
        results = self._task(outputs, feeds, prepared)
        end = time.perf_counter()
        if len(results) != len(ready):
            raise BundleError(
                f"{self.artifact.file} gives {len(results)} results for {len(ready)} inputs", remedy="run: edge verify"
            )
        share = 1 / len(ready)
        return [
            dataclasses.replace(
                result,
                timings=Timings(
                    decode=one.decode,
                    preprocess=one.preprocess + (before - start) * share,
                    engine=(after - before) * share,
                    postprocess=(end - after) * share,
                ),
            )
            for one, result in zip(ready, results, strict=True)
        ]

    def close(self) -> None:
        """Free the engine; closing twice is fine."""
        for session in (self.session, *self._later):
            session.close()

    def __enter__(self) -> Model:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def load(
    path: str | os.PathLike[str] | Bundle,
    *,
    engine: str | None = None,
    threads: int | None = None,
    top_k: int | None = None,
    providers: tuple[str, ...] = (),
    precision: str | None = None,
    strict: bool = False,
) -> Model:
    """Open the bundle at `path`, unless it is open, check that this machine fits, and start an engine.

    `engine` is `onnxruntime` or `paddlelite` (default: the first that can run here), `threads` its threads (default:
    all that this process may use), `top_k` the number of labels of a classifier (default: the bundle's) or the most
    boxes of a detector (default: one for each query), `providers` ONNX Runtime's (default: the CPU), `precision` that
    of the artifacts (`fp32`; default: the first that there is). Where the engine gives other threads or providers, a
    warning is logged, or, if `strict`, SessionError raised. Raises BundleError for a damaged bundle,
    EnvironmentLackError where this machine lacks something, InputError for a wrong option.
    """
    bundle = path if isinstance(path, Bundle) else open_bundle(path)
    manifest = bundle.manifest
    machine = this_machine()
    check_requirements(manifest.requires, machine)
    count = STAGES.get(manifest.task, 1)
    if len(manifest.stages) != count:
        raise BundleError(
            f"{bundle.path.name} has {len(manifest.stages)} stages, {count} would be run", remedy="update edgepack"
        )
    # Everything that can be wrong in the manifest is found before the engine is started.
    inputs, task = open_inputs(manifest.stages[0], bundle), open_task(bundle, manifest.stages[-1], top_k=top_k)
    artifacts = [
        choose(stage, engine, precision=precision, requires=manifest.requires, machine=machine)
        for stage in manifest.stages
    ]
    with ExitStack() as started:
        sessions = []
        for stage, artifact in zip(manifest.stages, artifacts, strict=True):
            session = open_session(
                artifact.engine,
                bundle.file(artifact.file),
                inputs=stage.inputs,
                outputs=stage.outputs,
                threads=threads,
                providers=providers,
                strict=strict,
            )
            started.callback(session.close)
            sessions.append(session)
        if isinstance(task, Read):
            task.session = sessions[-1]
        model = Model(bundle, artifacts[0], sessions[0], inputs, task, sessions[1:])
        started.pop_all()
    return model
