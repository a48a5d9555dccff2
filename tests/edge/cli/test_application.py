from __future__ import annotations

import sys
import types

import click
import pytest

from edge.cli.application import INTERRUPTED, PIPE_CLOSED, LazyGroup, make_group, plain, run
from edge.errors import BundleError, EdgeError, EnvironmentLackError, InputError

NAMES = ("fine", "fail", "stop", "three", "usage")


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> LazyGroup:
    module = types.ModuleType("commands_for_a_test")

    def add(name: str, action: object) -> None:
        setattr(module, name, click.Command(name, callback=action, help=f"Does {name}."))  # type: ignore[arg-type]

    def raising(error: BaseException) -> object:
        def action() -> None:
            raise error

        return action

    add("fine", lambda: click.echo("done"))
    add("fail", raising(BundleError("a.edge: 'x' is \x1b[2J damaged\nbadly", remedy="copy it again")))
    add("stop", raising(KeyboardInterrupt()))
    add("usage", raising(click.UsageError("not so")))
    add("three", lambda: click.get_current_context().exit(3))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    commands = {name: f"{module.__name__}:{name}" for name in NAMES}
    return make_group("tool", "1.2.3", "A tool.", commands)


def test_a_command_that_works_gives_zero(group: LazyGroup, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(group, "tool", ["fine"]) == 0
    assert capsys.readouterr().out == "done\n"


def test_an_error_is_a_line_and_its_remedy(group: LazyGroup, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(group, "tool", ["fail"]) == 1
    assert (
        capsys.readouterr().err == "tool: a.edge: 'x' is \N{REPLACEMENT CHARACTER}[2J damaged badly\n  copy it again\n"
    )


def test_debug_shows_the_traceback_too(group: LazyGroup, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(group, "tool", ["--debug", "fail"]) == 1
    printed = capsys.readouterr().err
    assert "Traceback" in printed
    assert printed.endswith("  copy it again\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["three"], 3), (["stop"], INTERRUPTED), (["usage"], 2), (["nothing"], 2), (["fine", "--no"], 2), ([], 2)],
)
def test_other_endings_have_their_codes(group: LazyGroup, arguments: list[str], code: int) -> None:
    assert run(group, "tool", arguments) == code


def test_version_and_help(group: LazyGroup, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(group, "tool", ["--version"]) == 0
    assert "1.2.3" in capsys.readouterr().out


def test_a_command_is_imported_when_it_is_called(group: LazyGroup) -> None:
    context = click.Context(group)
    assert group.list_commands(context) == list(NAMES)
    assert isinstance(group.get_command(context, "fine"), click.Command)
    assert group.get_command(context, "nothing") is None


def test_what_is_no_command_is_a_mistake_of_ours() -> None:
    group = make_group("tool", "1", "A tool.", {"path": "sys:path"})
    with pytest.raises(TypeError, match="no command"):
        group.get_command(click.Context(group), "path")


def test_other_systems_get_one_line(
    group: LazyGroup, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert run(group, "tool", ["fine"]) == 3
    assert "darwin" in capsys.readouterr().err


def test_every_error_class_has_the_documented_exit_code() -> None:
    codes = {kind: kind("x").exit_code for kind in (EdgeError, BundleError, InputError, EnvironmentLackError)}
    assert list(codes.values()) == [1, 1, 2, 3]
    assert PIPE_CLOSED == 141


@pytest.mark.parametrize(
    ("text", "shown"), [("a\tb\n c", "a b c"), ("é \u202e!", "é \N{REPLACEMENT CHARACTER}!"), ("", "")]
)
def test_text_is_made_plain(text: str, shown: str) -> None:
    assert plain(text) == shown
