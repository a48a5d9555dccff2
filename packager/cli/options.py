"""Options of several commands, and what is written in them with commas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

# Digits of a size.
LONGEST = 9

_SOURCE_OPTIONS = (
    click.option("--task", default="auto", show_default=True, help="What the model does: see the tasks in the README."),
    click.option("--revision", help="A commit, branch or tag of the repository; it is pinned to the commit."),
    click.option("--engine", "engines", default="onnxruntime,paddlelite", show_default=True, help="With commas."),
    click.option("--shape", metavar="AXIS=SIZE,...", help="Fix sizes that are open otherwise: batch=1,sequence=128."),
    click.option("--seed", default=0, help="Seed of the samples that parity is measured on."),
    click.option("--samples", type=click.Path(path_type=Path), help="An .npz of inputs to measure on, too."),
    click.option("--allow-licence", "licences", multiple=True, metavar="SPDX", help="Accept this licence."),
    click.option("--offline", is_flag=True, help="Use the cache only; no socket is opened."),
)


def source_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What is taken of a SOURCE, for which engines, and what it is measured on."""
    for option in reversed(_SOURCE_OPTIONS):
        command = option(command)
    return command


_QUANTISE_OPTIONS = (
    click.option("--calibration", type=click.Path(path_type=Path), help="Real inputs: a folder, or a file of texts."),
    click.option("--max-drop", default=1.0, show_default=True, help="Points of the score that may be lost."),
    click.option("--method", default="auto", show_default=True, help="Of ranges: min-max, entropy, percentile, mse."),
    click.option("--target", default="host", show_default=True, help="The board that it is for, or this host."),
    click.option("--measure-on", metavar="USER@DEVICE", help="Measure latency there, over SSH."),
    click.option("--record", type=click.Path(path_type=Path), help="What edge bench wrote on the device."),
)


def quantise_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What is quantised with, how much may be lost, and where it has to be faster."""
    for option in reversed(_QUANTISE_OPTIONS):
        command = option(command)
    return command


def split(text: str) -> tuple[str, ...]:
    """The words, each once."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def sizes(text: str) -> dict[str, int]:
    """`batch=1,sequence=128` as numbers; raises BadParameter for anything else."""
    found: dict[str, int] = {}
    for word in split(text):
        axis, _, size = word.partition("=")
        if not axis or not size.isdecimal() or len(size) > LONGEST or axis in found:
            raise click.BadParameter(f"{word!r} is no AXIS=SIZE, or its axis is named twice", param_hint="--shape")
        found[axis] = int(size)
    return found


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """`STAGE=SOURCE`, several times, by stage; raises BadParameter for anything else."""
    found: dict[str, str] = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not name or not equals or name in found:
            raise click.BadParameter(f"{word!r} is no NAME=VALUE, or its name is given twice", param_hint=option)
        found[name] = value
    return found
