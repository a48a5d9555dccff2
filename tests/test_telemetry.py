"""Neither we nor a dependency report home: inferences, traced."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.support.trace import Trace, trace

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "tests" / "fixtures" / "format-1.edge"
EDGE = (sys.executable, "-c", "from edge.cli import main; main()")

BARE = """
import sys, numpy, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1])
session.run(["y"], {"x": numpy.ones((1, 4), "float32"), "ids": [[1]], "mask": [[1]]})
"""
REACHING_OUT = """
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("192.0.2.1", 9))
try:
    socket.getaddrinfo("telemetry.invalid", 443)
except socket.gaierror:
    pass
"""
LOOPBACK = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname()).close()
"""


def _python(script: str, tmp_path: Path, *arguments: str | Path) -> Trace:
    return trace([sys.executable, "-c", script, *arguments], tmp_path, {})


@pytest.mark.parametrize("engine", ["onnxruntime", "paddlelite"])
def test_an_inference_reaches_nothing_and_leaves_nothing(engine: str, tmp_path: Path) -> None:
    given = tmp_path / "input.npz"
    ones = np.ones((1, 3), np.int64)
    np.savez(given, x=np.ones((1, 4), np.float32), ids=ones, mask=ones)
    found = trace([*EDGE, "run", BUNDLE, given, "--engine", engine], tmp_path, {})
    assert found.returncode == 0, found.output
    assert (found.connections, found.lookups, found.writes_to_home, found.home_after) == ((), (), (), ())


def test_verifying_reaches_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    found = trace([*EDGE, "verify", BUNDLE], tmp_path, {})
    assert found.returncode == 0, found.output
    assert (found.connections, found.lookups, found.writes_to_home, found.home_after) == ((), (), (), ())


def test_the_trace_sees_what_onnxruntime_does_left_alone(tmp_path: Path) -> None:
    found = _python(BARE, tmp_path, BUNDLE / "network.onnx")
    assert found.returncode == 0, found.output
    assert found.writes_to_home
    assert found.home_after


def test_the_trace_sees_connections_and_lookups(tmp_path: Path) -> None:
    found = _python(REACHING_OUT, tmp_path)
    assert found.returncode == 0, found.output
    assert found.connections
    assert found.lookups


def test_the_trace_lets_loopback_pass(tmp_path: Path) -> None:
    found = _python(LOOPBACK, tmp_path)
    assert found.returncode == 0, found.output
    assert found.connections == ()
