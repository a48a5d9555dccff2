"""What happens to a batch, and what it makes of that: kills, signals, full disks, inputs that are poison."""

from __future__ import annotations

import json
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from tests.support.batches import ONE, WORKER, batch, batching, frames, grey, killed_at_sync, records
from tests.support.full_disk import full_disk
from tests.support.processes import below, gone, running, ticks, until, when

LOADED = 100
"""CPU time, in hundredths of a second, that no worker has taken before it reads the white image."""

SLOW = 0.4
"""Brightness of an image that takes `slow_bundle` a twentieth of a second."""


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs of which the later ones take a while."""
    folder = tmp_path_factory.mktemp("slow")
    grey(folder, [0.1] * 4 + [SLOW] * 20)
    return folder


@pytest.fixture(scope="module")
def undisturbed(bundles: Path, slow: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a batch of them gives that nothing happens to."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    assert batch(bundles / "slow.edge", slow, "-o", out, "--chunk", "2").returncode == 0
    return out.read_bytes()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_finishes_the_chunk_and_the_rest_comes_later(
    bundles: Path, slow: Path, undisturbed: bytes, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    arguments = (bundles / "slow.edge", slow, "-o", tmp_path / "out", "--chunk", "2")
    with batching(*arguments, *ONE) as process:
        when(process, lambda: frames(tmp_path / "out.journal") > 2)
        process.send_signal(number)
        said, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (code, "")
    assert "--resume goes on" in said
    assert 2 < frames(tmp_path / "out.journal") < 12
    assert not (tmp_path / "out").exists()
    done = batch(*arguments)
    assert done.returncode == 2
    assert "was begun" in done.stderr
    assert batch(*arguments, "--resume").returncode == 0
    assert (tmp_path / "out").read_bytes() == undisturbed
    assert not (tmp_path / "out.journal").exists()


@pytest.mark.parametrize("streamed", [False, True])
def test_kills_lose_and_double_nothing(
    bundles: Path, slow: Path, undisturbed: bytes, tmp_path: Path, streamed: bool
) -> None:
    """Killed four times, each time when a few chunks more were kept; no worker outlives it."""
    order = "--streamed" if streamed else "--ordered"
    arguments = (bundles / "slow.edge", slow, "-o", tmp_path / "out", "--chunk", "2", "--resume", order)
    kept = 0
    for _ in range(4):
        with batching(*arguments) as process:
            when(process, partial(_has_more, tmp_path / "out.journal", kept + 1))
            workers = list(below(process.pid))
            assert workers
            process.kill()
            process.communicate(timeout=60)
            for worker in workers:
                until(partial(gone, worker))
        assert frames(tmp_path / "out.journal") > kept
        kept = frames(tmp_path / "out.journal")
    done = batch(*arguments)
    assert done.returncode == 0, done.stderr
    whole = undisturbed.splitlines()
    found = (tmp_path / "out").read_bytes().splitlines()
    assert (sorted(found) == sorted(whole)) if streamed else (found == whole)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out"]


@pytest.mark.parametrize("when_", [1, 2, 6])
def test_a_kill_while_the_journal_is_synced_loses_nothing(
    bundles: Path, slow: Path, undisturbed: bytes, tmp_path: Path, when_: int
) -> None:
    arguments = (bundles / "slow.edge", slow, "-o", tmp_path / "out", "--chunk", "2", "--resume", *ONE)
    assert batch(*arguments, before=killed_at_sync(when_)).returncode == -signal.SIGKILL
    done = batch(*arguments)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_bytes() == undisturbed


def test_an_input_that_hangs_is_recorded_and_the_others_are_read(bundles: Path, tmp_path: Path) -> None:
    grey(tmp_path / "in", [0.1, 0.1, 1.0, 0.1, 0.1])
    done = batch(bundles / "slow.edge", tmp_path / "in", "-o", tmp_path / "out", "--timeout", "2", "--batch", "1", *ONE)
    assert done.returncode == 2, done.stderr
    found = records(tmp_path / "out")
    assert [one["status"] for one in found] == ["ok", "ok", "error", "ok", "ok"]
    assert "002.png could not be read: nothing was heard for 2 s" in found[2]["error"]


def test_an_input_that_kills_its_worker_is_recorded(bundles: Path, tmp_path: Path) -> None:
    """Whoever reads the white image is ended, each time."""
    grey(tmp_path / "in", [0.1, 1.0, 0.1])
    with batching(bundles / "slow.edge", tmp_path / "in", "-o", tmp_path / "out", "--batch", "1", *ONE) as process:
        for _ in range(4):  # the chunk twice, then the image twice
            worker = when(process, lambda: running(process.pid, WORKER))[0]
            when(process, partial(_has_worked, worker))
            os.kill(worker, signal.SIGKILL)
            until(partial(gone, worker))
        said, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (2, ""), said
    found = records(tmp_path / "out")
    assert [one["status"] for one in found] == ["ok", "error", "ok"]
    assert "001.png could not be read: the worker was ended by SIGKILL" in found[1]["error"]


def test_a_worker_that_is_ended_while_it_loads_is_started_again(bundles: Path, tmp_path: Path) -> None:
    grey(tmp_path / "in", [0.1])
    arguments = (bundles / "slow.edge", tmp_path / "in", "-o", tmp_path / "out", *ONE)
    with batching(*arguments) as process:
        os.kill(when(process, lambda: list(below(process.pid)))[0], signal.SIGKILL)
        said, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (0, ""), said
    assert [one["status"] for one in records(tmp_path / "out")] == ["ok"]


def test_a_worker_that_somebody_ends_costs_nothing(
    bundles: Path, slow: Path, undisturbed: bytes, tmp_path: Path
) -> None:
    arguments = (bundles / "slow.edge", slow, "-o", tmp_path / "out", "--chunk", "2")
    with batching(*arguments) as process:
        when(process, lambda: frames(tmp_path / "out.journal") > 2)
        os.kill(running(process.pid, WORKER)[0], signal.SIGKILL)
        said, words = process.communicate(timeout=60)
    assert (process.returncode, words) == (0, ""), said
    assert (tmp_path / "out").read_bytes() == undisturbed


def test_an_input_that_wants_all_the_memory_is_recorded(bundles: Path, tmp_path: Path) -> None:
    """The white image wants 4 GB, which the machine may well have, but the worker may not."""
    grey(tmp_path / "in", [0.0, 1.0, 0.0])
    arguments = (bundles / "hungry.edge", tmp_path / "in", "-o", tmp_path / "out", "--memory", "600MB", *ONE)
    done = batch(*arguments, "--batch", "1")
    assert done.returncode == 2, done.stderr
    found = records(tmp_path / "out")
    assert [one["status"] for one in found] == ["ok", "error", "ok"]
    assert "001.png could not be read" in found[1]["error"]


def test_a_worker_that_has_grown_is_replaced(bundles: Path, tmp_path: Path) -> None:
    """Each of the brighter images leaves a worker with 200 MB more."""
    grey(tmp_path / "in", [0.0, 0.05, 0.0, 0.05])
    arguments = (bundles / "hungry.edge", tmp_path / "in", "-o", tmp_path / "out", "--json")
    done = batch(*arguments, "--memory", "500MB", "--chunk", "1", *ONE)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["replaced"] == 2
    assert [one["status"] for one in records(tmp_path / "out")] == ["ok"] * 4


def test_a_full_disk_is_said_and_what_was_read_is_kept(
    bundles: Path, slow: Path, undisturbed: bytes, tmp_path: Path
) -> None:
    arguments = (bundles / "slow.edge", slow, "-o", tmp_path / "out", "--chunk", "2", "--resume")
    with full_disk(1200):
        done = batch(*arguments)
    assert (done.returncode, done.stdout) == (3, "")
    assert "out.journal cannot be written" in done.stderr
    kept = frames(tmp_path / "out.journal")
    assert kept > 1
    done = batch(*arguments)
    assert f"{24 - 2 * kept} read" in done.stdout
    assert (tmp_path / "out").read_bytes() == undisturbed


def _has_more(journal: Path, chunks: int) -> bool:
    return frames(journal) > chunks


def _has_worked(process: int) -> bool:
    return ticks(process) > LOADED
