"""Files and commands of a host, the bad ones above all."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.bench.evidence import host as module
from edge.bench.evidence.host import Host, UnreadableError
from tests.support.boards import command, write


@pytest.fixture
def machine(tmp_path: Path) -> Host:
    return Host(root=tmp_path, path=str(tmp_path / "bin"))


def test_a_text_has_no_padding_of_the_device_tree(machine: Host) -> None:
    write(machine, "proc/device-tree/model", "Raspberry Pi 5\0")
    assert machine.text("proc/device-tree/model") == "Raspberry Pi 5"


@pytest.mark.parametrize("text", ["", "fast", "1.5"])
def test_what_is_no_number_is_unreadable(machine: Host, text: str) -> None:
    write(machine, "sys/clock", text)
    with pytest.raises(UnreadableError, match="no number"):
        machine.number("sys/clock")


def test_a_file_that_is_not_there_says_so_by_its_name_on_the_machine(machine: Host) -> None:
    with pytest.raises(UnreadableError, match=r"^/sys/clock: No such file"):
        machine.text("sys/clock")


def test_names_come_in_the_order_of_their_numbers(machine: Host) -> None:
    for number in (10, 9, 0):
        write(machine, f"sys/zone{number}", "")
    assert list(machine.match("sys/zone*")) == ["sys/zone0", "sys/zone9", "sys/zone10"]


def test_a_command_that_is_not_there(machine: Host) -> None:
    with pytest.raises(UnreadableError, match="no vcgencmd"):
        machine.run("vcgencmd", "get_throttled")


def test_a_command_that_fails_is_quoted(machine: Host) -> None:
    command(machine.root / "bin", "vcgencmd", "echo 'no permission'; exit 255")
    with pytest.raises(UnreadableError, match="get_throttled: no permission"):
        machine.run("vcgencmd", "get_throttled")


def test_a_command_that_cannot_be_run_is_unreadable(machine: Host) -> None:
    command(machine.root / "bin", "vcgencmd", "")
    (machine.root / "bin/vcgencmd").write_bytes(b"\x7fELF, but no more")
    with pytest.raises(UnreadableError, match="vcgencmd"):
        machine.run("vcgencmd")


def test_a_command_that_never_ends_is_ended_after_its_lines(machine: Host) -> None:
    command(machine.root / "bin", "tegrastats", "while echo line; do :; done")
    assert machine.run("tegrastats", lines=1).startswith("line\n")


def test_a_command_that_says_nothing_is_not_waited_for_long(machine: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMMAND_SECONDS", 0.05)
    command(machine.root / "bin", "nvpmodel", "exec /bin/cat /dev/zero > /dev/null")
    with pytest.raises(UnreadableError, match="says nothing"):
        machine.run("nvpmodel", "-q")
