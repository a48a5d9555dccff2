"""The commands as a user calls them, in this process; `test_process` starts the real one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edge.cli import group
from edge.cli.application import run
from edge.digests import sha256_file
from edge.manifest import Manifest
from tests.support.bundles import FIXTURE, change_manifest, copy_bundle


class Called:
    """What a command line printed, and its exit code."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
        self.code = run(group, "edge", [str(argument) for argument in arguments])
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def test_info_says_what_a_bundle_is(capsys: pytest.CaptureFixture[str]) -> None:
    called = Called(capsys, "info", FIXTURE)
    assert called.code == 0
    for said in (
        "format-1",
        "tensors",
        "Apache-2.0",
        "int64[batch, length]",
        "network.x86.nb",
        "onnxruntime >=1.16,<2",
    ):
        assert said in called.out


def test_info_as_json_is_the_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    said = Called(capsys, "info", FIXTURE, "--json").json
    assert Manifest.from_json(said).to_bytes() == (FIXTURE / "bundle.json").read_bytes()


def test_info_of_a_damaged_bundle_names_the_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bundle = copy_bundle(tmp_path)
    (bundle / "LICENSE").write_text("x" * (bundle / "LICENSE").stat().st_size)
    called = Called(capsys, "info", bundle)
    assert (called.code, called.out) == (1, "")
    assert "LICENSE" in called.err


def test_verify_runs_all_engines_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    called = Called(capsys, "verify", FIXTURE)
    assert called.code == 0
    assert called.out.endswith("verified\n")
    assert "not run: paddlelite: network.arm.nb" in called.out


def test_verify_as_json_holds_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    said = Called(capsys, "verify", FIXTURE, "--engine", "onnxruntime", "--threads", 1, "--json").json
    assert [check["output"] for check in said["checks"]] == ["y", "s"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data["stages"][0]["parity"][0].update(tolerance=-1.0), 1),
        (lambda data: data["stages"][0]["artifacts"].pop(0), 2),
        (lambda data: data.update(format=2), 2),
        (lambda data: data["requires"].update(memory_bytes=1 << 60), 3),
        (lambda data: data["requires"].update(boards=["rpi-zero2w"]), 3),
        (lambda data: data["requires"]["engines"].update(onnxruntime=">=99"), 3),
    ],
)
def test_verify_has_the_documented_exit_codes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, change: Any, code: int
) -> None:
    bundle = copy_bundle(tmp_path)
    change_manifest(bundle, change)
    called = Called(capsys, "verify", bundle, "--engine", "onnxruntime")
    assert (called.code, called.out) == (code, "")
    assert called.err.count("\n") == 2


def test_doctor_lists_engines_and_threads(capsys: pytest.CaptureFixture[str]) -> None:
    said = Called(capsys, "doctor", "--json")
    assert said.code == 0
    assert {engine["id"] for engine in said.json["engines"] if engine["version"]} == {"onnxruntime", "paddlelite"}
    assert said.json["machine"]["cpus"] >= 1
    assert "CPUExecutionProvider" in Called(capsys, "doctor").out


def test_doctor_names_the_remedy_for_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGEPACK_LITE_PYTHON", "/no/such/python")
    called = Called(capsys, "doctor")
    assert called.code == 0
    assert "/no/such/python does not start" in called.out
    assert "correct EDGEPACK_LITE_PYTHON" in called.out


def test_bench_keeps_samples_versions_and_digest(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    called = Called(
        capsys,
        "bench",
        FIXTURE,
        "--min-seconds",
        0,
        "--min-samples",
        7,
        "--warmup",
        1,
        "--threads",
        1,
        "--batch",
        3,
        "--no-limit",
        "-o",
        out,
    )
    assert called.code == 0
    assert "p50" in called.out
    assert "cold start" in called.out
    said = json.loads(out.read_text())
    assert len(said["samples"]) == 7
    assert said["digest"] == sha256_file(FIXTURE / "bundle.json")
    assert (said["input"], said["batch"], said["threads"]) == ("golden/batch-3.npz", 3, 1)
    assert min(said["phases"].values()) > 0
    assert said["peak_memory"] > 1 << 20


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["bench", FIXTURE, "--engine", "tflite"], 2),
        (["bench", FIXTURE, "--provider", "CUDAExecutionProvider"], 3),
        (["bench", FIXTURE, "no-such.npz"], 2),
        (["bench", FIXTURE, "--min-samples", "0"], 2),
        (["bench", FIXTURE, "--min-samples", "1", "-o", "/no/such/folder/bench.json"], 2),
        (["info"], 2),
        (["info", "/no/such.edge"], 2),
        (["verify", FIXTURE / "LICENSE"], 2),
    ],
)
def test_wrong_calls_have_their_codes(capsys: pytest.CaptureFixture[str], arguments: list[Any], code: int) -> None:
    called = Called(capsys, *arguments)
    assert (called.code, called.out) == (code, "")
    assert called.err


@pytest.mark.parametrize("command", ["run", "info", "verify", "bench", "sweep", "doctor"])
def test_every_command_has_help_with_an_example_and_json(capsys: pytest.CaptureFixture[str], command: str) -> None:
    called = Called(capsys, command, "--help")
    assert called.code == 0
    assert f"edge {command}" in called.out.partition("Example")[2]
    assert "--json" in called.out
