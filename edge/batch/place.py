"""A place for one worker: whoever dies there is replaced, and what it died of is found and recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from edge.batch.records import SHORT, Record, failed
from edge.batch.worker_process import WorkerLostError, WorkerProcess, WorkerSilentError
from edge.errors import EdgeError, InputError
from edge.gather import Given

log = logging.getLogger(__name__)

Chunk = Sequence[Given]


class Place:
    """`start` makes a worker, which may have `share` bytes (0: any); halfway there from the first, it is replaced.

    A worker may be silent for `seconds` for each input that goes through the engine at once.
    """

    def __init__(self, start: Callable[[], WorkerProcess], share: int, seconds: float, batch: int) -> None:
        self._start = start
        self._share = share
        self._seconds = seconds
        self._batch = batch
        self._worker: WorkerProcess | None = None
        self.replaced = 0

    def worker(self) -> WorkerProcess:
        """The worker that is here, or a new one; raises what loading raises, WorkerLostError where it dies twice."""
        if self._worker is None:
            try:
                self._worker = self._start()
            except WorkerLostError as error:  # somebody may have ended it
                log.info("a worker is started again: %s", error.message)
                self._worker = self._start()
        return self._worker

    def read(self, chunk: Chunk) -> list[Record]:
        """A record for every input, in order; raises what loading a new worker raises."""
        sound = [one for one in chunk if not isinstance(one.value, InputError)]
        found = iter(self._sound(sound)) if sound else iter(())
        return [failed(one.name, one.value) if isinstance(one.value, InputError) else next(found) for one in chunk]

    def close(self) -> None:
        """Let the worker end."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _sound(self, chunk: Chunk) -> list[Record]:
        """Once more where a worker was lost: it may have been ended from outside. Then each input by itself."""
        found = self._attempt(chunk)
        if isinstance(found, WorkerLostError) and not isinstance(found, WorkerSilentError):
            found = self._attempt(chunk)
        if not isinstance(found, EdgeError):
            return [
                self._with_all_memory(record, one) if SHORT in record else record
                for record, one in zip(found, chunk, strict=True)
            ]
        if len(chunk) > 1:
            return [record for one in chunk for record in self._sound([one])]
        name = chunk[0].name
        message = found.message if name in found.message else f"{name} could not be read: {found.message}"
        return [failed(name, InputError(message))]

    def _with_all_memory(self, record: Record, given: Given) -> Record:
        """The record that a new worker makes, or that one where it has too little memory, too."""
        self._replace()
        again = self._attempt([given])
        found = record if isinstance(again, EdgeError) else again[0]
        return {key: value for key, value in found.items() if key != SHORT}

    def _attempt(self, chunk: Chunk) -> list[Record] | EdgeError:
        """Records, or why the worker is gone that should have made them."""
        worker = self.worker()
        try:
            records = worker.read(chunk, self._seconds * min(self._batch, len(chunk)))
        except EdgeError as error:
            log.info("a worker is replaced: %s", error.message)
            self._replace()
            return error
        # What it holds on to, the next large input has not: the kernel would let it have no more than its share.
        if self._share and worker.resident > (worker.loaded + self._share) // 2:
            log.info("a worker is replaced: it has grown to %d MiB", worker.resident >> 20)
            self._replace()
        return records

    def _replace(self) -> None:
        self.close()
        self.replaced += 1
