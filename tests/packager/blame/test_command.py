from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from packager.blame.command import blame_command, naming_blame
from packager.cli.blame import blame
from packager.errors import ParityError
from packager.order import Order
from packager.parity.worst import REMEDY

ORDER = Order(task="tensors", engines=("paddlelite",), shape={"batch": 1}, seed=3, samples=Path("my inputs.npz"))


def remedy(kind: str, *, first: str = REMEDY) -> str:
    with pytest.raises(ParityError, match="off") as caught, naming_blame("packager blame it", kind):
        raise ParityError("off", remedy=first)
    return caught.value.remedy


def test_the_command_has_the_options_of_the_build_and_is_understood() -> None:
    said = blame_command("./a model", ORDER, revision="v1", offline=True, allow_licences=("MIT",))
    program, name, *arguments = shlex.split(said)
    assert (program, name) == ("packager", "blame")
    given = blame.make_context(name, arguments).params
    assert given.pop("as_json") is False
    assert given == {
        "source": "./a model",
        "task": "tensors",
        "revision": "v1",
        "engines": "paddlelite",
        "shape": "batch=1",
        "seed": 3,
        "samples": Path("my inputs.npz"),
        "licences": ("MIT",),
        "offline": True,
    }


def test_what_is_usual_is_left_out() -> None:
    assert blame_command("org/name", Order(), revision=None, offline=False, allow_licences=()) == (
        "packager blame org/name"
    )


def test_only_where_there_are_nodes_they_are_blamed() -> None:
    assert remedy("folder").startswith("packager blame it finds")
    assert remedy("paddle") == REMEDY
    assert click.unstyle(remedy("folder", first="check the weights")) == "check the weights"
