"""A loaded bundle: decode, pre-process, engine, task, with a time for each."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, final

from edge.bundle import Bundle, open_bundle
from edge.engines import Session, choose, open_session
from edge.errors import BundleError, InputError
from edge.machine import this_machine
from edge.manifest import Artifact, Stage
from edge.model import Model, Opened, Start, check_batch
from edge.preprocess import Inputs, open_inputs
from edge.requirements import check_requirements
from edge.results import Result, Timings
from edge.tasks import OCR, STAGES, Read, Task, open_task

__all__ = ["Model", "Tap", "load", "load_tapped"]

Tap = Callable[[Stage, Session], Session]
"""Given a stage and its session, returns what is run in its place."""

_Open = Callable[[Stage, Artifact, "int | None", bool], Session]


@dataclasses.dataclass(frozen=True)
class _Ready:
    """One input on its way: what the engine needs of it, and the seconds that this took."""

    prepared: Any
    decode: float
    preprocess: float


@final
class Chain(Model):
    """A bundle whose first stage takes what the user gives; its task makes a result of what comes out."""

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
        super().__init__(bundle, artifact, session)
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

    def outcomes(self, inputs: Iterable[Any], batch_size: int = 1) -> Iterator[Result | InputError]:
        """For every input, in order, its result or the reason why there is none.

        Inputs are read as they are needed. Where the artifact or the kind of input allows one at a time only,
        `batch_size` is not used.
        """
        check_batch(batch_size)
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


def load(
    path: str | os.PathLike[str] | Bundle,
    *,
    engine: str | None = None,
    threads: int | None = None,
    top_k: int | None = None,
    providers: tuple[str, ...] = (),
    precision: str | None = None,
    max_pixels: int | None = None,
    strict: bool = False,
) -> Model:
    """Open the bundle at `path`, unless it is open, check that this machine fits, and start an engine.

    `engine` is `onnxruntime` or `paddlelite` (default: the first that can run here), `threads` its threads (default:
    all that this process may use), `top_k` the number of labels of a classifier (default: the bundle's) or the most
    boxes of a detector (default: one for each query), `providers` ONNX Runtime's (default: the CPU), `precision` that
    of the artifacts (`fp32`; default: the first that there is), `max_pixels` the most pixels of a page of an OCR
    bundle (default: as memory allows). Where the engine gives other threads or providers, a
    warning is logged, or, if `strict`, SessionError raised. Raises BundleError for a damaged bundle,
    EnvironmentLackError where this machine lacks something, InputError for a wrong option.
    """
    bundle = path if isinstance(path, Bundle) else open_bundle(path)

    def open_one(stage: Stage, artifact: Artifact, count: int | None, spare: bool) -> Session:
        return open_session(
            artifact.engine,
            bundle.file(artifact.file),
            inputs=stage.inputs,
            outputs=stage.outputs,
            threads=count,
            providers=providers,
            strict=strict,
            spare=spare,
        )

    # Everything that can be wrong in the manifest is found before the engine is started.
    check_requirements(bundle.manifest.requires, this_machine())
    ocr = bundle.manifest.task == OCR
    opened = _open_pages(bundle, max_pixels, top_k) if ocr else _open_stages(bundle, top_k)
    return _load(bundle, opened, open_one, engine=engine, threads=threads, precision=precision)


def load_tapped(bundle: Bundle, tap: Tap, *, engine: str | None = None, threads: int | None = None) -> Model:
    """As `load`, but each stage's session goes through `tap`, which so sees what the networks are fed."""

    def open_one(stage: Stage, artifact: Artifact, count: int | None, spare: bool) -> Session:
        path, inputs, outputs = bundle.file(artifact.file), stage.inputs, stage.outputs
        return tap(
            stage, open_session(artifact.engine, path, inputs=inputs, outputs=outputs, threads=count, spare=spare)
        )

    check_requirements(bundle.manifest.requires, this_machine())
    opened = _open_pages(bundle, None, None) if bundle.manifest.task == OCR else _open_stages(bundle, None)
    return _load(bundle, opened, open_one, engine=engine, threads=threads)


def _load(
    bundle: Bundle,
    opened: Opened,
    open_one: _Open,
    *,
    engine: str | None,
    threads: int | None,
    precision: str | None = None,
) -> Model:
    manifest = bundle.manifest
    artifacts = {
        stage.name: choose(stage, engine, precision=precision, requires=manifest.requires, machine=this_machine())
        for stage in manifest.stages
    }
    with ExitStack() as started:

        def start(stage: Stage, count: int | None = threads, *, spare: bool = False) -> Session:
            session = open_one(stage, artifacts[stage.name], count, spare)
            started.callback(session.close)
            return session

        model = opened(artifacts, start, threads)
        started.pop_all()
    return model


def _open_pages(bundle: Bundle, max_pixels: int | None, top_k: int | None) -> Opened:
    from edge.tasks.ocr.open_reader import open_ocr  # a tenth of what starting a classifier takes

    if top_k is not None:
        raise InputError("a text has no labels of which some could be shown", remedy="leave out --top-k")
    return open_ocr(bundle, max_pixels)


def _open_stages(bundle: Bundle, top_k: int | None) -> Opened:
    stages = bundle.manifest.stages
    count = STAGES.get(bundle.manifest.task, 1)
    if len(stages) != count:
        raise BundleError(
            f"{bundle.path.name} has {len(stages)} stages, {count} would be run", remedy="update edgepack"
        )
    inputs, task = open_inputs(stages[0], bundle), open_task(bundle, stages[-1], top_k=top_k)

    def opened(artifacts: Mapping[str, Artifact], start: Start, _threads: int | None) -> Model:
        sessions = [start(stage) for stage in stages]
        if isinstance(task, Read):
            task.session = sessions[-1]
        return Chain(bundle, artifacts[stages[0].name], sessions[0], inputs, task, sessions[1:])

    return opened
