from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from edge.bench.interrupt import Interrupt
from edge.bench.measure import measure_apart
from edge.bench.plan import Plan
from edge.bench.record import read_measurement
from edge.bench.stop_rule import INTERRUPTED
from tests.support.bundles import FIXTURE
from tests.support.measurements import measurement
from tests.support.processes import gone, running, ticks, until, when

COMMAND = [sys.executable, "-c", "import sys; from edge.cli import main; sys.exit(main())", "bench", str(FIXTURE)]
LONG = ["--threads", "1", "--min-seconds", "1000", "--max-seconds", "1000"]
TICKS = 30
"""CPU time, in hundredths of a second, that only the steady phase takes once the sampler runs."""


def test_ctrl_c_keeps_what_was_measured_and_marks_it(tmp_path: Path) -> None:
    with _benching("--warmup", "0", "-o", str(tmp_path / "kept.json")) as process:
        measured = when(process, lambda: running(process.pid, "edge.bench.run_plan"))[0]
        when(process, lambda: running(process.pid, "edge.bench.evidence.sampler"))
        until = ticks(measured) + TICKS
        when(process, lambda: ticks(measured) > until)
        process.send_signal(signal.SIGINT)
        said, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (130, "")
    assert said
    kept = read_measurement(tmp_path / "kept.json")
    assert kept.stop.reason == INTERRUPTED
    assert len(kept.samples) > 100
    assert kept.seconds < 60


def test_ctrl_c_before_the_first_query_keeps_nothing(tmp_path: Path) -> None:
    with _benching("--warmup", "1000000000", "-o", str(tmp_path / "kept.json")) as process:
        when(process, lambda: running(process.pid, "edge.bench.evidence.sampler"))
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "")
    assert not list(tmp_path.iterdir())


LATE = """
import os, pathlib, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
os.kill(os.getppid(), signal.SIGINT)
signal.sigwait({signal.SIGINT})
print(pathlib.Path(sys.argv[1]).read_text())
"""
"""A measured process that is done when Ctrl-C reaches it."""

EARLY = """
import os, signal
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.kill(os.getppid(), signal.SIGINT)
signal.pause()
"""
"""One that does not listen yet."""


def test_whoever_measures_on_hears_of_a_ctrl_c_that_came_too_late(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "record.json").write_text(json.dumps(measurement().to_json()))
    command = [sys.executable, "-c", LATE, str(tmp_path / "record.json")]
    monkeypatch.setattr("edge.bench.measure.child_command", lambda _module: command)
    done = measure_apart(Plan(bundle="x"))
    assert done == replace(measurement(), stop=replace(measurement().stop, reason=INTERRUPTED))


def test_a_ctrl_c_that_the_process_could_not_hear_is_no_crash_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.bench.measure.child_command", lambda _module: [sys.executable, "-c", EARLY])
    with pytest.raises(KeyboardInterrupt):
        measure_apart(Plan(bundle="x"))


def test_a_measurement_ends_with_the_process_that_wants_it() -> None:
    with _benching() as process:
        measured = when(process, lambda: running(process.pid, "edge.bench.run_plan"))[0]
        when(process, lambda: running(process.pid, "edge.bench.evidence.sampler"))
        process.kill()
        process.communicate(timeout=60)
        until(lambda: gone(measured))


def test_a_note_is_all_that_a_signal_is() -> None:
    before = signal.getsignal(signal.SIGINT)
    asked = Interrupt(os.getppid())
    try:
        asked.listen()
        assert not asked()
        os.kill(os.getpid(), signal.SIGINT)
        assert asked()
    finally:
        signal.signal(signal.SIGINT, before)
    assert Interrupt(os.getppid() + 1)()


@contextmanager
def _benching(*options: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMAND, *LONG, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()
