"""What a stage's session was fed, kept on disk: one safetensors file, with keys `00012:pixel_values`.

Calls are written as they come and read one at a time, so that neither side holds more than one of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from packager.emit.constants import CODES, MappedConstants, header_bytes

if TYPE_CHECKING:
    from typing_extensions import Self

Feed = Mapping[str, NDArray[np.generic]]


class FeedsWriter:
    """Writes the file when it is closed; until then the arrays lie beside it. After an error there is no file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data = path.with_name(path.name + ".data")
        self._file = self._data.open("wb")
        self._header: dict[str, Any] = {}
        self._end = 0
        self.count = 0

    def add(self, feed: Feed) -> None:
        """Keep the arrays of one call; raises KeyError for a dtype that numpy alone has."""
        for name, array in feed.items():
            data = np.ascontiguousarray(array)
            begin, self._end = self._end, self._end + data.nbytes
            self._header[f"{self.count:05}:{name}"] = {
                "dtype": CODES[str(data.dtype)],
                "shape": array.shape,
                "data_offsets": [begin, self._end],
            }
            if data.size:
                self._file.write(data.data.cast("B"))
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()
        if error is None:
            with self.path.open("wb") as out, self._data.open("rb") as data:
                out.write(header_bytes(self._header))
                shutil.copyfileobj(data, out)
        self._data.unlink()


def write_feeds(path: Path, feeds: Iterable[Feed]) -> None:
    """Write calls in their order; one of them at a time is in memory."""
    with FeedsWriter(path) as writer:
        for feed in feeds:
            writer.add(feed)


def read_feeds(path: Path) -> Iterator[dict[str, NDArray[np.generic]]]:
    """The calls in their order, as read-only views of the file; raises SourceError where it is broken."""
    arrays = MappedConstants(path)
    call: dict[str, NDArray[np.generic]] = {}
    number = ""
    for key in arrays:
        at, _, name = key.partition(":")
        if at != number and call:
            yield call
            call = {}
        number, call[name] = at, arrays[key]
    if call:
        yield call
