"""Paddle Lite in this process, the only module that imports it. `lite_process` runs it in another interpreter."""

from __future__ import annotations

import ctypes
import importlib.util
import platform
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from edge.engines.base import Array, Asked
from edge.engines.feeds import FeedCheck
from edge.errors import BundleError, SessionError
from edge.manifest import TensorSpec
from edge.versions import UNKNOWN

Sizes = Mapping[str, tuple[int, ...]]

META_VERSION = b"\x02\x00"
"""The first two bytes of every `.nb` that Paddle Lite 2.x reads; it aborts the process on anything else."""


def importable() -> bool:
    """Whether this interpreter has Paddle Lite."""
    return importlib.util.find_spec("paddlelite") is not None


@cache
def _library() -> Any:
    try:
        from paddlelite import lite
    except ImportError as error:
        raise SessionError(
            f"paddlelite cannot be imported ({error})",
            remedy="set EDGEPACK_LITE_PYTHON to a Python 3.10 with paddlelite and numpy<2",
        ) from error
    return lite


def version() -> str:
    """The installed version, UNKNOWN where it has no metadata; raises SessionError where it is missing or broken."""
    _library()
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("paddlelite")
    except PackageNotFoundError:
        return UNKNOWN


class LiteSession:
    """A `Session` on a `.nb` file; calls from several threads take turns."""

    def __init__(
        self, path: Path, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...], asked: Asked
    ) -> None:
        self.inputs = inputs
        self._check = FeedCheck(inputs)
        self.outputs = outputs
        library = _library()
        _check_header(path)
        config = library.MobileConfig()
        config.set_model_from_file(str(path))
        self._path = path
        self._lock = threading.Lock()
        self._threads = asked.threads
        self.threads = _set_threads(library, config, asked.threads)
        asked.compare("threads", asked.threads, self.threads)
        self._new_predictor = partial(library.create_paddle_predictor, config)
        self._sizes: Sizes | None = None
        with _translated(path):
            self._predictor: Any = self._new_predictor()
            names = self._predictor.get_input_names()
            count = len(self._predictor.get_output_names())
        said = sorted(spec.name for spec in inputs)
        if sorted(names) != said or count != len(outputs):
            raise BundleError(
                f"{path.name}: the manifest says inputs {said} and {len(outputs)} outputs, "
                f"the model has {sorted(names)} and {count}",
                remedy="build the bundle again",
            )

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """See `Session.run`."""
        checked = self._check(feeds)
        with self._lock:
            if self._predictor is None:
                raise SessionError(f"{self._path.name}: the session is closed")
            with _translated(self._path):
                _use_threads(self._threads)
                self._renew_for({name: array.shape[1:] for name, array in checked.items()})
                for name, array in checked.items():
                    tensor = self._predictor.get_input_by_name(name)
                    tensor.resize(list(array.shape))
                    tensor.from_numpy(array)
                self._predictor.run()
                return {spec.name: self._output(place, spec) for place, spec in enumerate(self.outputs)}

    def _renew_for(self, sizes: Sizes) -> None:
        """Start anew where sizes other than the batch change.

        On x86, Paddle Lite 2.13's direct 3x3 convolution keeps what it prepared for the first sizes: with others it is
        silently wrong, and writes past its memory. Another batch is right.
        """
        if self._sizes not in (None, sizes) and platform.machine() == "x86_64":
            self._predictor = self._new_predictor()
        self._sizes = sizes

    def _output(self, place: int, spec: TensorSpec) -> Array:
        """Outputs come in the program's order; their arrays are views that the next run overwrites, so copy."""
        array: Array = np.array(self._predictor.get_output(place).numpy())
        return array if array.dtype == np.dtype(spec.dtype) else array.astype(spec.dtype)

    def bind(self, feeds: Mapping[str, Array]) -> Callable[[], dict[str, Array]]:
        """See `Session.bind`."""
        return partial(self.run, dict(self._check(feeds)))

    def close(self) -> None:
        """See `Session.close`."""
        with self._lock:
            self._predictor = None


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(len(META_VERSION))
    except OSError as error:
        raise SessionError(f"{path.name} cannot be read ({error})", remedy="run: edge verify") from error
    if header != META_VERSION:
        raise SessionError(f"{path.name} is no Paddle Lite model", remedy="build the bundle again")


def _set_threads(library: Any, config: Any, threads: int) -> int:
    """Ask for threads and say what there will be: the arm build has a setter, the x86 build follows OpenMP."""
    if hasattr(config, "set_threads"):
        config.set_threads(threads)
        config.set_power_mode(library.PowerMode.LITE_POWER_NO_BIND)
        return int(config.threads())
    return _use_threads(threads)


def _use_threads(threads: int) -> int:
    runtime = _openmp()
    if runtime is None:
        return threads
    runtime.omp_set_num_threads(threads)
    return int(runtime.omp_get_max_threads())


@cache
def _openmp() -> ctypes.CDLL | None:
    """The OpenMP runtime that the x86 wheel brings and has loaded; it holds the number per calling thread."""
    found = sorted((Path(_library().__file__).parent / "libs").glob("libiomp5.so"))
    return ctypes.CDLL(str(found[0])) if found else None


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """pybind11 gives what the engine throws as RuntimeError or ValueError."""
    try:
        yield
    except (RuntimeError, ValueError, TypeError) as error:
        raise SessionError(f"{path.name}: Paddle Lite refused it: {error}", remedy="run: edge verify") from error
