"""What both commands share: groups that import a command when it is called, and one place where errors end.

A command module has one `click.Command`; nothing heavy is imported before that runs.
"""

from __future__ import annotations

import importlib
import io
import logging
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from edge.errors import EdgeError, EnvironmentLackError

INTERRUPTED = 128 + 2
PIPE_CLOSED = 128 + 13
"""Exit codes as a shell gives them for SIGINT and SIGPIPE."""

LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@dataclass
class Settings:
    """What the options before the command say."""

    debug: bool = False


class LazyGroup(click.Group):
    """A group whose commands are named as `module:attribute` and imported when they are needed."""

    def __init__(self, *args: Any, lazy: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the mapping: a newcomer's first command first."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self.lazy[cmd_name].partition(":")
        found = getattr(importlib.import_module(module), attribute)
        if not isinstance(found, click.Command):
            raise TypeError(f"{self.lazy[cmd_name]} is no command")
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that has left ends it quietly, as it does with other programs."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _forget_stdout()
            ctx.exit(PIPE_CLOSED)
        return done


def make_group(name: str, version: str, summary: str, commands: Mapping[str, str]) -> LazyGroup:
    """A group of lazy commands with `--version`, `-v` and `--debug`."""

    @click.group(name, cls=LazyGroup, lazy=commands, help=summary, context_settings=CONTEXT)
    @click.version_option(version, prog_name=name)
    @click.option("-v", "--verbose", count=True, help="Log more; twice logs everything.")
    @click.option("--debug", is_flag=True, help="Log everything and show the traceback of an error.")
    @click.pass_obj
    def group(settings: Settings, verbose: int, *, debug: bool) -> None:
        settings.debug = debug
        level = logging.DEBUG if debug else LEVELS[min(verbose, len(LEVELS) - 1)]
        logging.basicConfig(level=level, format=f"{name}: %(levelname)s: %(message)s", stream=sys.stderr, force=True)

    return group


def run(group: click.Group, name: str, arguments: Sequence[str] | None = None) -> int:
    """Run a command line and give the exit code; a user's error is printed as one line and its remedy."""
    settings = Settings()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file's name need not be UTF-8; what cannot be printed becomes an escape, which JSON understands, too.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        if not sys.platform.startswith("linux"):
            raise EnvironmentLackError(f"{name} runs on Linux, this is {sys.platform}", remedy="use a container")
        args = None if arguments is None else list(arguments)
        done = group.main(args, prog_name=name, standalone_mode=False, obj=settings)
        return done if isinstance(done, int) else 0
    except EdgeError as error:
        _explain(name, error, settings)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED


def _explain(name: str, error: EdgeError, settings: Settings) -> None:
    if settings.debug:
        traceback.print_exception(error)
    click.echo(f"{name}: {plain(error.message)}", err=True)
    if error.remedy:
        click.echo(f"  {plain(error.remedy)}", err=True)


def plain(text: str) -> str:
    """The text on one line and without control characters: a bundle may hold names that would steer a terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in " ".join(text.split()))


def _forget_stdout() -> None:
    """Nobody reads on: let the interpreter's last flush go nowhere instead of failing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
