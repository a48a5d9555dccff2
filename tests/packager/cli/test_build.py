"""`packager build` as a user starts it; what it refuses is also in tests/test_bad_inputs.py."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from edge.cli.application import run
from packager.cli import group
from tests.support.checkpoints import write_resnet

COMMAND = [sys.executable, "-c", "from packager.cli import main; main()", "build"]
OPTIONS = ["--engine", "onnxruntime", "--allow-licence", "MIT"]
# Seconds that a killed process may take to give its memory back; it takes milliseconds.
PATIENCE = 60


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_resnet(tmp_path_factory.mktemp("model") / "resnet")


def test_one_engine_for_one_place_as_json(model: Path, tmp_path: Path) -> None:
    options = ["--engine", "paddlelite", "--place", "arm", "--name", "tiny", "--serial", "7", "--allow-licence", "MIT"]
    out = tmp_path / "out.edge"
    done = subprocess.run([*COMMAND, model, "-o", out, *options, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    manifest = json.loads(done.stdout)
    assert manifest == json.loads((out / "bundle.json").read_text())
    assert (manifest["name"], manifest["serial"], manifest["requires"]["machines"]) == ("tiny", 7, ["aarch64"])
    assert manifest["source"]["licence"] == {"id": "MIT", "origin": "stated"}
    (stage,) = manifest["stages"]
    assert [one["file"] for one in stage["artifacts"]] == ["model.arm.nb"]
    # The proof is the same network on this machine.
    assert [one["hop"] for one in stage["parity"]] == ["paddle for paddlelite", "paddlelite"]
    steps = [line.split()[2] for line in done.stderr.splitlines()]
    assert steps == ["resolve", "capture", "lower", "parity", "emit", "parity", "bundle"]


def wait_for_stage(build: subprocess.Popen[str], using: str) -> int:
    """A descriptor of the build's stage, once that has loaded a library: the build then waits for it."""
    children = Path(f"/proc/{build.pid}/task/{build.pid}/children")
    while build.poll() is None:
        for number in children.read_text().split():
            if using in Path("/proc", number, "maps").read_text():
                return os.pidfd_open(int(number))
        os.sched_yield()
    raise AssertionError(f"the build ended with {build.returncode} before")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_build_leaves_nothing(model: Path, tmp_path: Path, number: signal.Signals, code: int) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with subprocess.Popen(
        [*COMMAND, model, "-o", tmp_path / "out.edge", *OPTIONS],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    ) as process:
        assert process.stderr is not None
        assert "resolve" in process.stderr.readline()
        stage = wait_for_stage(process, using="torch")
        process.send_signal(number)
        said = process.stderr.read()
    assert (process.returncode, said.strip()) == (code, "")
    ended, _, _ = select.select([stage], [], [], PATIENCE)
    os.close(stage)
    assert ended
    assert list(tmp_path.rglob("*")) == [temporary]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Missing argument 'SOURCE'"),
        (("model",), "Missing option '-o'"),
        (("model", "-o", "{out}", "--engine", "tensorrt"), "'tensorrt' is no engine"),
        (("model", "-o", "{out}", "--engine", " , "), "nothing is no engine"),
        (("model", "-o", "{out}", "--place", "npu"), "'npu' is no place"),
        (("model", "-o", "{out}", "--task", "poetry"), "'poetry' is no task"),
        (("model", "-o", "{out}", "--shape", "sequence"), "'sequence' is no AXIS=SIZE"),
        (("model", "-o", "{out}", "--shape", "batch=1,batch=2"), "named twice"),
        (("model", "-o", "{out}", "--shape", "batch=0"), "the axis 'batch' cannot have the size 0"),
        (("model", "-o", "{out}", "--serial", "-1"), "serial"),
        (("model", "-o", "{out}", "--serial", "one"), "'one' is not a valid integer"),
        (("no-such-folder", "-o", "{out}", "--engine", "onnxruntime"), "there is no folder or file 'no-such-folder'"),
    ],
)
def test_wrong_options_are_refused(
    arguments: tuple[str, ...], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [one.format(out=tmp_path / "out.edge") for one in arguments]
    assert run(group, "packager", ["build", *given]) == 2
    assert says in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
