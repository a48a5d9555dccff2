"""The sampler: who used the machine, and the process that looks."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from edge.bench.evidence import watch as module
from edge.bench.evidence.host import Host, UnreadableError
from edge.bench.evidence.processes import family, usage
from edge.bench.evidence.sampler import Sampler
from edge.bench.evidence.watch import Watch
from tests.support.boards import board, write

STATUS = "Name:\tedge\nVmRSS:\t    {rss} kB\nvoluntary_ctxt_switches:\t{voluntary}\nnonvoluntary_ctxt_switches:\t2\n"


def process(host: Host, number: int, parent: int, ticks: int, *, rss: int = 1000, voluntary: int = 5) -> None:
    """As /proc shows a process: ticks are of a hundredth of a second, in user mode."""
    zeros = " ".join(["0"] * 9)
    write(host, f"proc/{number}/stat", f"{number} (a ) b) S {parent} {zeros} {ticks} 0 0 0 20 0 1 0 100")
    status = STATUS.format(rss=rss, voluntary=voluntary)
    write(host, f"proc/{number}/status", status)
    write(host, f"proc/{number}/task/{number}/status", status)


def machine_time(host: Host, user: int) -> None:
    """All CPUs' ticks in user mode; idle and waiting do not count, what a hypervisor took does."""
    write(host, "proc/stat", f"cpu  {user} 0 0 5000 700 0 0 10 0 0\ncpu0 1 2 3\n")


@pytest.fixture
def host(tmp_path: Path) -> Host:
    host = Host(root=tmp_path, path="")
    process(host, 100, 1, 40)
    process(host, 101, 100, 10)
    process(host, 102, 101, 5)
    process(host, 200, 1, 7)
    machine_time(host, 1000)
    return host


def test_a_family_is_a_process_and_all_below_it(host: Host) -> None:
    assert sorted(family(host, 100)) == [100, 101, 102]


def test_a_family_uses_what_its_members_use(host: Host) -> None:
    used = usage(host, (100, 101), without=(101,))
    assert (used.rss, used.cpu, used.voluntary, used.involuntary) == (1000 << 10, 0.5, 5, 2)


def test_a_process_that_ended_is_skipped_and_none_is_unreadable(host: Host) -> None:
    assert usage(host, (100, 999)).cpu == 0.4
    with pytest.raises(UnreadableError):
        usage(host, (999,))


def test_others_load_is_what_the_machine_did_less_what_the_family_did(host: Host) -> None:
    ticking = iter((10.0, 12.0, 14.0))
    sampler = Sampler(host, 100, now=lambda: next(ticking))
    first = sampler.read()
    process(host, 100, 1, 140)
    machine_time(host, 1250)
    second = sampler.read()
    machine_time(host, 1250)
    third = sampler.read()
    assert (first.foreign_cpu, third.foreign_cpu) == (None, 0.0)
    assert second.foreign_cpu == pytest.approx((2.5 - 1.0) / 2)
    assert second.rss == 3000 << 10
    assert "load" not in sampler.unreadable


def test_a_machine_whose_processes_are_hidden_says_so(tmp_path: Path) -> None:
    sampler = Sampler(Host(root=tmp_path, path=""), 100)
    assert sampler.read().rss is None
    assert "measured process" in sampler.unreadable["load"]


def test_the_real_sampler_looks_at_this_process() -> None:
    with Watch(interval=0.02) as watch:
        watch.begin()
        start = time.monotonic()
        total = 0
        while time.monotonic() < start + 0.3:
            total += sum(range(1000))
        seen = watch.end(start)
    assert seen.before
    assert seen.after
    assert seen.before.at < seen.readings[0].at < seen.readings[-1].at < seen.after.at
    assert seen.before.at < 0 < seen.readings[-1].at
    assert len(seen.readings) > 3
    assert (seen.after.rss or 0) > 5 << 20
    assert 0 < seen.sampler_cost < 1
    assert seen.voluntary_switches is not None
    assert seen.kernel == os.uname().release
    assert "sampler" not in seen.unreadable


def test_the_sampler_reads_another_root_and_its_commands() -> None:
    pi = board("documented-pi5")
    with Watch(interval=0.02, root=pi.root, path=pi.path) as watch:
        watch.begin()
        seen = watch.end(time.monotonic())
    assert seen.model == "Raspberry Pi 5 Model B Rev 1.0"
    assert seen.before
    assert seen.before.clocks == {"policy0": 2400000, "firmware": 2400000}
    assert set(seen.unreadable) == {"pressure", "load"}


def test_a_sampler_that_cannot_be_started_is_told_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "child_command", lambda _module: ["/nowhere/python"])
    with Watch() as watch:
        watch.begin()
        seen = watch.end(0.0)
    assert "could not be started" in seen.unreadable["sampler"]
    assert (seen.before, seen.readings) == (None, ())


@pytest.mark.parametrize(
    "script", ["import sys; sys.exit(3)", "print('begun'); print('{')", "print('begun'); print('{}x')"]
)
def test_a_sampler_that_ends_early_or_talks_nonsense_is_told(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(module, "child_command", lambda _module: ["python3", "-c", script])
    with Watch() as watch:
        watch.begin()
        seen = watch.end(0.0)
    assert "ended early" in seen.unreadable["sampler"]


@pytest.mark.parametrize("script", ["exec sleep 60", "echo begun; exec sleep 60"])
def test_a_sampler_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    monkeypatch.setattr(module, "child_command", lambda _module: ["sh", "-c", script])
    with Watch() as watch:
        watch.begin()
        seen = watch.end(0.0)
    assert "said nothing" in seen.unreadable["sampler"]
