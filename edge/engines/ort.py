"""ONNX Runtime, the only module that imports it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from edge.engines.base import Array, Asked
from edge.engines.feeds import FeedCheck
from edge.errors import BundleError, SessionError
from edge.manifest import TensorSpec

CPU = "CPUExecutionProvider"
LOG_ERRORS = 3

DTYPES = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(int64)": "int64",
    "tensor(int32)": "int32",
    "tensor(int8)": "int8",
    "tensor(uint8)": "uint8",
    "tensor(bool)": "bool",
}


@cache
def library() -> ModuleType:
    """onnxruntime, which reports nothing home; raises SessionError where it cannot be imported."""
    # The wheel reports home unless this is set before its first import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except ImportError as error:
        raise SessionError(
            f"onnxruntime cannot be imported ({error})", remedy="install it with: pip install onnxruntime"
        ) from error
    onnxruntime.set_default_logger_severity(LOG_ERRORS)
    found: ModuleType = onnxruntime
    return found


def version() -> str:
    """The installed version; raises SessionError where there is none."""
    return str(library().__version__)


def providers() -> tuple[str, ...]:
    """The execution providers that the installed library has."""
    return tuple(library().get_available_providers())


class OrtSession:
    """A `Session` on ONNX Runtime; `run` may be called from several threads."""

    def __init__(
        self, path: Path, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...], asked: Asked
    ) -> None:
        self.inputs = inputs
        self._check = FeedCheck(inputs)
        self.outputs = outputs
        ort = library()
        wanted = list(asked.providers or (CPU,))
        there = [name for name in wanted if name in ort.get_available_providers()]
        asked.compare("providers", wanted, there)
        before = _running_threads()
        with translated(path):
            self._session: Any = ort.InferenceSession(str(path), _options(ort, asked), providers=there or [CPU])
        asked.compare("providers", there, [name for name in self._session.get_providers() if name in there])
        # The calling thread works too; other parts of the program may have started threads meanwhile.
        self.threads = min(asked.threads, 1 + _running_threads() - before) if before else asked.threads
        asked.compare("threads", asked.threads, self.threads)
        self._path = path
        self._run_options = _run_options(ort, asked)
        self._names = [spec.name for spec in outputs]
        _check_specs(path, inputs, self._session.get_inputs())
        _check_specs(path, outputs, self._session.get_outputs())

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """See `Session.run`."""
        return self.bind(feeds)()

    def bind(self, feeds: Mapping[str, Array]) -> Callable[[], dict[str, Array]]:
        """See `Session.bind`."""
        if self._session is None:
            raise SessionError(f"{self._path.name}: the session is closed")
        run, names, checked, path = self._session.run, self._names, self._check(feeds), self._path
        options = self._run_options

        def query() -> dict[str, Array]:
            try:  # not `translated`: a context manager for each query is a part of its time
                outputs = run(names, checked, options)
            except Exception as error:
                raise _refusal(path, error) from error
            return dict(zip(names, outputs, strict=True))

        return query

    def close(self) -> None:
        """See `Session.close`."""
        self._session = None


def _running_threads() -> int:
    """How many threads this process has; 0 where there is no `/proc`."""
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:
        return 0


def _options(ort: ModuleType, asked: Asked) -> Any:
    options = ort.SessionOptions()
    levels = ort.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if asked.optimise else levels.ORT_DISABLE_ALL
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.intra_op_num_threads = asked.threads
    options.inter_op_num_threads = 1
    # Plans of memory are kept for every shape that ever came, and weights in the arena double it; neither is faster.
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.use_device_allocator_for_initializers", "1")
    options.log_severity_level = LOG_ERRORS
    return options


def _run_options(ort: ModuleType, asked: Asked) -> Any:
    if not asked.spare:
        return None
    options = ort.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _check_specs(path: Path, specs: tuple[TensorSpec, ...], found: list[Any]) -> None:
    said = {spec.name: spec.dtype for spec in specs}
    has = {node.name: DTYPES.get(node.type, node.type) for node in found}
    if said != has:
        raise BundleError(
            f"{path.name}: the manifest says {said}, the model has {has}", remedy="build the bundle again"
        )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """ONNX Runtime raises classes of its own below Exception, with no common base."""
    try:
        yield
    except Exception as error:
        raise _refusal(path, error) from error


def _refusal(path: Path, error: Exception) -> SessionError:
    first = str(error).strip().partition("\n")[0]
    return SessionError(f"{path.name}: ONNX Runtime refused it: {first}", remedy="run: edge verify")
