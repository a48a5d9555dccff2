"""Hands out chunks to workers, one thread for each, and keeps what they find before it hands out the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from edge.batch.place import Chunk, Place
from edge.batch.records import Record
from edge.batch.stop import Stop

C = TypeVar("C", bound=Chunk)


def run(chunks: Iterator[C], places: Sequence[Place], keep: Callable[[C, Sequence[Record]], None], stop: Stop) -> None:
    """Read all chunks; `keep` gets each with its records, from one thread at a time, and a worker waits until then.

    After `stop` chunks that were begun are finished and no others begun. Raises what a worker or `keep` raises.
    """
    taking, keeping = threading.Lock(), threading.Lock()

    def take() -> C | None:
        with taking:
            return None if stop() else next(chunks, None)

    def work(place: Place) -> None:
        try:
            while chunk := take():
                records = place.read(chunk)
                with keeping:
                    keep(chunk, records)
        except BaseException:
            stop.ask()
            raise
        finally:
            place.close()

    with ThreadPoolExecutor(len(places)) as pool:
        ended = [pool.submit(work, place) for place in places]
    for one in ended:
        one.result()
