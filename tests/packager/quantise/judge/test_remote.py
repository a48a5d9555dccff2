"""Measuring on a device: a real server on loopback, the system's client, and everything that may go wrong between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from edge.bundle import Bundle, open_bundle
from edge.errors import EdgeError, EnvironmentLackError, InputError
from packager.errors import DeviceError, ToolError
from packager.quantise.judge.device import Device
from packager.quantise.judge.remote import Rounds, measure_on
from tests.support.bundles import FIXTURE
from tests.support.candidates import changed, compute_more
from tests.support.processes import below, command_line, gone, until
from tests.support.sshd import Server, sshd

STAGE = open_bundle(FIXTURE).manifest.stages[0].name
ASKED = Rounds(engine="onnxruntime", stage=STAGE, threads=1, rounds=1, seconds=0.05)
REAL = Path(sys.executable).parent / "edge"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sshd(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> list[Bundle]:
    other = changed(FIXTURE, tmp_path_factory.mktemp("candidate") / "int8.edge", compute_more)
    return [open_bundle(FIXTURE), open_bundle(other)]


def _left(server: Server) -> list[Path]:
    return list(server.scratch.iterdir())


def _edge(server: Server, bench: str) -> None:
    """An edge of the device's own, that does something else where it is to measure."""
    path = server.programs / "edge"
    path.write_text(f'#!/bin/sh\nif [ "$1" = --version ]; then echo "edge, version 9"; exit; fi\n{bench}\n')
    path.chmod(0o755)


def _refused(server: Server, device: Device | None = None) -> EdgeError:
    """The error of a measurement, which leaves nothing behind."""
    with pytest.raises(DeviceError) as caught:
        measure_on(device or server.device, [open_bundle(FIXTURE)], ASKED)
    assert "\n" not in caught.value.message
    assert caught.value.remedy
    # Where the device was cut off, it notices that by itself.
    until(lambda: not _left(server))
    return caught.value


def test_the_device_s_own_edge_measures_and_nothing_is_left(server: Server, bundles: list[Bundle]) -> None:
    found = measure_on(server.device, bundles, ASKED)
    assert found.origin == "pi"
    assert not found.failures
    assert sorted(record.file for record in found.records) == ["network.onnx", "network.onnx"]
    assert {record.threads_got for record in found.records} == {1}
    fp32, other = bundles
    assert found.latency_ratio(fp32, other, STAGE, "onnxruntime").low > 1
    assert _left(server) == []


def test_each_round_has_an_order_of_its_own(tmp_path: Path, bundles: list[Bundle]) -> None:
    with sshd(tmp_path) as server:
        _edge(server, f'shift; echo "$1" >>{tmp_path}/order; exit 3')
        measure_on(server.device, bundles, Rounds(engine="onnxruntime", stage=STAGE, rounds=6))
        # What fails is not tried again.
        assert sorted((tmp_path / "order").read_text().split()) == ["0.edge", "1.edge"]
        (tmp_path / "order").unlink()
        once = f'[ -e {tmp_path}/$2.record ] || {{ {REAL} "$@"; cp record {tmp_path}/$2.record; }}'
        _edge(server, f'echo "$2" >>{tmp_path}/order; {once}; cp {tmp_path}/$2.record record')
        found = measure_on(server.device, bundles, Rounds(engine="onnxruntime", stage=STAGE, rounds=6, seconds=0.0))
        order = (tmp_path / "order").read_text().split()
        rounds = [tuple(order[at : at + 2]) for at in range(0, 12, 2)]
        assert set(rounds) == {("0.edge", "1.edge"), ("1.edge", "0.edge")}
        assert len(found.records) == 12


def test_one_candidate_that_does_not_run_there_does_not_end_the_others(tmp_path: Path, bundles: list[Bundle]) -> None:
    with sshd(tmp_path) as server:
        _edge(
            server,
            'if [ "$2" = 1.edge ]; then head -c 100000 /dev/zero >&2; echo >&2\n'
            'echo "edge: no \x1b[2Jmemory" >&2; echo "  buy some" >&2; exit 3; fi\n'
            f'exec {REAL} "$@"',
        )
        found = measure_on(server.device, bundles, ASKED)
        assert [record.file for record in found.records] == ["network.onnx"]
        fp32, other = bundles
        with pytest.raises(EnvironmentLackError) as caught:
            found.latency_ratio(fp32, other, STAGE, "onnxruntime")
        assert caught.value.message == "on pi: no \N{REPLACEMENT CHARACTER}[2Jmemory"
        assert caught.value.remedy == "buy some"
        assert _left(server) == []


def test_an_unknown_and_a_changed_host_are_refused(server: Server) -> None:
    unknown = _refused(server, server.client(UserKnownHostsFile="/dev/null"))
    assert "Host key verification failed" in unknown.message
    assert unknown.remedy == "connect once by hand, to check and keep its key: ssh pi"
    port = (server.folder / "known").read_text().split()[0]
    other = (server.folder / "stranger.pub").read_text()
    (server.folder / "others").write_text(f"{port} {other}")
    changed_key = _refused(server, server.client(UserKnownHostsFile=str(server.folder / "others")))
    assert "REMOTE HOST IDENTIFICATION HAS CHANGED" in changed_key.message


def test_a_key_that_it_does_not_know_is_refused_without_a_question(server: Server) -> None:
    error = _refused(server, server.client(IdentityFile=str(server.folder / "stranger")))
    assert "Permission denied" in error.message
    assert error.remedy == "give it your public key: ssh-copy-id pi"


def test_a_device_that_is_not_there(server: Server) -> None:
    assert "Connection refused" in _refused(server, server.client(Port="1")).message
    error = _refused(server, server.client(HostName="nowhere.invalid"))
    assert "Could not resolve" in error.message
    assert "~/.ssh/config" in error.remedy


def test_a_device_without_edge(tmp_path: Path) -> None:
    with sshd(tmp_path, edge=False) as server:
        assert _refused(server).message == "pi has no edge"


@pytest.mark.parametrize(
    ("bench", "said"),
    [
        ('echo "{" >record', "its record is not JSON"),
        ("echo '{\"format\": 99}' >record", "newer format 99"),
        ("truncate -s 300M record", "314572800 bytes, which is no record"),
        ("exit 0", "its record is not JSON"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path: Path, bench: str, said: str) -> None:
    with sshd(tmp_path) as server:
        _edge(server, f"touch record; {bench}")
        assert said in _refused(server).message


def test_the_record_of_another_bundle_is_refused(tmp_path: Path) -> None:
    with sshd(tmp_path) as server:
        command = f"{REAL} bench {FIXTURE} --min-samples 1 --min-seconds 0 --no-limit"
        _edge(server, f"exec {command} -o record")
        assert _refused(server).message == "pi answered with the record of another bundle"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("yes", "what no script of ours says"),
        ("cat /dev/zero", "a line without an end"),
        ("echo edgepack:/tmp/../etc:edge", "no connection"),
        ("echo edgepack:/nowhere/x:edge 1; cat >/dev/null", "could not be copied"),
        ("true", "no connection"),
        ("cat /dev/zero >&2", "no connection"),
    ],
)
def test_a_device_that_says_something_else_is_refused(tmp_path: Path, command: str, said: str) -> None:
    with sshd(tmp_path, more=f"ForceCommand {command}") as server:
        assert said in _refused(server).message


def test_a_login_that_greets_is_passed_over(tmp_path: Path, bundles: list[Bundle]) -> None:
    (tmp_path / "login").write_text(
        "#!/bin/sh\ncase $SSH_ORIGINAL_COMMAND in\n*sftp*) exec /usr/lib/openssh/sftp-server ;;\n"
        '*) echo "Welcome"; printf "\\377\\n"; eval "$SSH_ORIGINAL_COMMAND" ;;\nesac\n'
    )
    (tmp_path / "login").chmod(0o755)
    with sshd(tmp_path, more=f"ForceCommand {tmp_path / 'login'}") as server:
        assert len(measure_on(server.device, bundles[:1], ASKED).records) == 1


def test_a_connection_that_is_killed_ends_the_measurement_on_both_sides(tmp_path: Path) -> None:
    with sshd(tmp_path) as server:
        _edge(server, f"echo $$ >{tmp_path}/pid; exec sleep 600")
        caught: list[EdgeError] = []

        def measured() -> None:
            try:
                measure_on(server.device, [open_bundle(FIXTURE)], ASKED)
            except EdgeError as error:
                caught.append(error)

        thread = threading.Thread(target=measured)
        thread.start()
        busy = int(until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip()))
        for one in list(below(server.process.pid)):
            if b"sshd" in command_line(one):
                with suppress(ProcessLookupError):  # one of them ends with the other
                    os.kill(one, signal.SIGKILL)
        thread.join(60)
        assert [error.message.partition(" (")[0] for error in caught] == ["there is no connection to pi"]
        until(lambda: gone(busy))
        until(lambda: not _left(server))


def test_nothing_is_left_where_we_are_killed(tmp_path: Path) -> None:
    with sshd(tmp_path) as server:
        _edge(server, f"echo $$ >{tmp_path}/pid; exec sleep 600")
        script = (
            "from edge.bundle import open_bundle\n"
            "from packager.quantise.judge.remote import Device, Rounds, measure_on\n"
            f"device = Device('pi', {server.device.options!r})\n"
            f"measure_on(device, [open_bundle({str(FIXTURE)!r})], Rounds(engine='onnxruntime', stage={STAGE!r}))\n"
        )
        # Its own temporary files are left where it is killed.
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        with subprocess.Popen([sys.executable, "-c", script], env=environment) as process:
            busy = int(until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip()))
            assert _left(server)
            process.kill()
        until(lambda: gone(busy))
        until(lambda: not _left(server))


@pytest.mark.parametrize(
    "address", ["", "-oProxyCommand=touch /tmp/x", "a b", "pi;true", "$(true)", "user@host:22", "u@-v", "pi\n", "a@b@c"]
)
def test_what_is_no_address_never_reaches_a_client(address: str) -> None:
    with pytest.raises(InputError, match="is no user@host"):
        Device(address)


@pytest.mark.parametrize("address", ["pi", "user@pi.local", "user@10.0.0.7", "user@[fe80::1%eth0]", "my_board-2"])
def test_addresses(address: str) -> None:
    assert Device(address).address == address


def test_a_host_without_a_client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="ssh cannot be run"):
        measure_on(Device("pi"), [open_bundle(FIXTURE)], ASKED)


def test_a_stage_that_cannot_be_timed_is_said(server: Server, bundles: list[Bundle]) -> None:
    with pytest.raises(InputError, match="nothing of the stage 'none' to time on onnxruntime"):
        measure_on(server.device, bundles, Rounds(engine="onnxruntime", stage="none"))
    assert _left(server) == []
