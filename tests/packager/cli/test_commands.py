"""The commands that build nothing, in this process."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from edge import __version__
from edge.cli.application import run
from packager import doctor
from packager.cli import group
from packager.emit.lite_python import VARIABLE
from tests.support.bundles import FIXTURE, change_manifest, copy_bundle
from tests.support.quantisations import quantisation


def commands(context: click.Context) -> Iterator[tuple[str, ...]]:
    """The words of every command, those of groups within the group too."""
    assert isinstance(context.command, click.Group)
    for name in context.command.list_commands(context):
        command = context.command.get_command(context, name)
        assert command is not None
        inner = click.Context(command, context, info_name=name)
        yield from ((name, *words) for words in (commands(inner) if isinstance(command, click.Group) else [()]))


COMMANDS = list(commands(click.Context(group)))


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run(group, "packager", [str(one) for one in arguments])
    return code, *capsys.readouterr()


def test_inspect_says_where_a_bundle_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "inspect", FIXTURE)
    manifest = json.loads((FIXTURE / "bundle.json").read_text())
    assert code == 0
    for said in (manifest["name"], manifest["source"]["revision"], manifest["source"]["licence"]["id"]):
        assert said in out
    for entry in manifest["files"]:
        assert entry["path"] in out
        assert entry["sha256"] in out


def test_inspect_shows_what_was_tried_to_quantise_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bundle = copy_bundle(tmp_path)
    found = quantisation(reason="the \x1b[2Jfastest")
    change_manifest(bundle, lambda data: data["stages"][0].update(quantisation=found.to_json()))
    code, out, _ = call(capsys, "inspect", bundle)
    assert code == 0
    (chosen,) = [line for line in out.splitlines() if line.startswith("A  chosen")]
    assert "0.384 (0.371 to 0.397)" in chosen
    assert chosen.endswith("the \N{REPLACEMENT CHARACTER}[2Jfastest")
    assert "372 others" in out
    assert "/encoder/layer.0/attention/MatMul" in out


def test_inspect_as_json_is_the_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "inspect", FIXTURE, "--json")
    assert (code, json.loads(out)) == (0, json.loads((FIXTURE / "bundle.json").read_text()))


def test_inspect_of_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "inspect", "/no/such.edge")
    assert (code, out) == (2, "")
    assert err.startswith("packager: /no/such.edge")


def test_doctor_names_tools_and_engines(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "doctor")
    assert code == 0
    assert out.endswith("onnxruntime: ready, paddlelite: ready\n")
    assert "missing" not in out


def test_doctor_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/no/python3.10")
    code, out, _ = call(capsys, "doctor", "--json")
    said = json.loads(out)
    assert (code, said["engines"]) == (0, {"onnxruntime": True, "paddlelite": False})
    assert "/no/python3.10" in next(one["remedy"] for one in said["tools"] if one["name"] == "paddlelite")


def test_doctor_ends_with_3_where_nothing_can_be_built(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", {"no-such-package": "no_such_module"})
    code, out, _ = call(capsys, "doctor")
    assert code == 3
    assert "no-such-package  missing" in out
    assert "onnxruntime: not ready" in out


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_json_and_an_example_that_parses(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = call(capsys, *words, "--help")
    assert code == 0
    assert "--json" in out
    command: click.Command = group
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    example = (command.epilog or "").removeprefix("Example: ")
    program, *said = shlex.split(example)
    assert (program, *said[: len(words)]) == ("packager", *words)
    assert command.make_context(words[-1], said[len(words) :]).params


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "--version")[:2] == (0, f"packager, version {__version__}\n")
