"""From a board's files and commands to a verdict: the real sampler, the real judge."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from edge.bench.evidence.host import Host
from edge.bench.evidence.watch import Watch
from edge.bench.judge import INVALID, UNSTABLE, VALID, Judgement, judge
from edge.bench.statistics.summary import summarise
from edge.boards import detect_board
from tests.support.boards import board, command, write
from tests.support.measurements import PI5, measurement


def verdict(host: Host) -> Judgement:
    """Of flawless samples, measured on that board."""
    with Watch(interval=0.01, root=host.root, path=host.path) as watch:
        watch.begin()
        conditions = replace(watch.end(time.monotonic()), sampler_cost=0.0)  # there is no steady phase to share
    done = measurement(machine=replace(PI5, board=detect_board("aarch64", host.root)), conditions=conditions)
    return judge(done, summarise(done))


def rules(found: Judgement) -> list[str]:
    return [one.rule for one in found.findings if one.level != VALID]


@pytest.mark.parametrize("name", ["documented-pi5", "documented-orin"])
def test_a_board_at_rest_is_valid(name: str) -> None:
    found = verdict(board(name))
    assert (found.verdict, rules(found)) == (VALID, [])


def test_a_board_that_swaps_is_unstable() -> None:
    found = verdict(board("documented-pi4"))
    assert (found.verdict, rules(found)) == (UNSTABLE, ["swap"])
    assert found.findings[0].reason == "30.5 MiB are in swap"


@pytest.mark.parametrize("bits", ["0x80008", "0x50005"])
def test_a_board_that_throttles_is_invalid(tmp_path: Path, bits: str) -> None:
    host = board("documented-pi5", tmp_path)
    command(tmp_path / "documented-pi5/bin", "vcgencmd", f"echo throttled={bits}")
    assert verdict(host).verdict == INVALID


@pytest.mark.parametrize("name", ["documented-pi5", "documented-orin"])
def test_a_board_whose_throttling_cannot_be_read_is_never_valid_and_says_so_in_a_line(
    tmp_path: Path, name: str
) -> None:
    host = board(name, tmp_path)
    (tmp_path / name / "bin").rename(tmp_path / "bin")
    for folder in ("hwmon", "thermal"):
        (host.root / "sys/class" / folder).rename(tmp_path / folder)
    found = verdict(host)
    assert (found.verdict, rules(found)) == (UNSTABLE, ["unknown-throttling"])
    assert found.findings[0].reason.startswith("whether the machine throttled is not known: ")
    assert "\n" not in found.findings[0].reason


def test_a_jetson_whose_counter_is_garbage_still_tells_its_alarms(tmp_path: Path) -> None:
    host = board("documented-orin", tmp_path)
    write(host, "sys/class/hwmon/hwmon3/oc3_event_cnt", "garbage")
    write(host, "sys/class/thermal/cooling_device3/cur_state", "1")
    found = verdict(host)
    assert (found.verdict, rules(found)) == (INVALID, ["alarm"])
