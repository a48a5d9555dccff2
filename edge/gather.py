"""The inputs that paths, folders and texts stand for, one after the other, as they are needed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from edge.errors import InputError

if TYPE_CHECKING:
    from edge.results import Result

STDIN = "-"
ARRAY_SUFFIXES = (".npz",)
TEXT_SUFFIXES = (".txt",)
BYTES_A_CHARACTER = 4  # at the most, in UTF-8

Suffixes = Callable[[], tuple[str, ...]]
Reader = Callable[[str], Iterator["Given"]]


@dataclass(frozen=True)
class Given:
    """One input and what it is called in messages; `value` may be the error that it has instead."""

    name: str
    value: Any | InputError


@dataclass(frozen=True)
class Outcome:
    """An input's name, its result or the reason why there is none, and what was given."""

    name: str
    value: Result | InputError
    given: Any = None


def gather(kind: str, arguments: Sequence[str], texts: Sequence[str]) -> Iterator[Given]:
    """The inputs of a model of `kind` from paths, folders, patterns, `-` and given texts.

    Folders are read with all that is in them, what has a known suffix; they and patterns (`*`, `?`, `**`) sorted.
    """
    for number, text in enumerate(texts, 1):
        fits = kind == "text"
        error = InputError(f"--text goes with text models, this one takes {kind}", remedy="give a path")
        yield Given(f"text {number}", text if fits else error)
    suffixes, read = _READERS[kind]
    for argument in arguments:
        yield from _of_argument(argument, suffixes, read)


def _of_argument(argument: str, suffixes: Suffixes, read: Reader) -> Iterator[Given]:
    try:
        paths = [argument] if argument == STDIN else _files(Path(argument), suffixes())
    except InputError as error:
        yield Given(argument, error)
        return
    for path in paths:
        try:
            yield from read(path)
        except InputError as error:  # noqa: PERF203 (reading a file costs more)
            yield Given(path, error)


def _files(path: Path, suffixes: tuple[str, ...]) -> list[str]:
    if not path.is_dir():
        # A pattern that no shell has taken, as in a unit of systemd.
        found = [] if path.exists() else sorted(glob(str(path), recursive=True))  # noqa: PTH207 (pathlib takes no absolute pattern)
        return [name for name in found if Path(name).is_file()] or [str(path)]
    found = sorted(str(one) for one in path.rglob("*") if one.suffix.lower() in suffixes and one.is_file())
    if not found:
        raise InputError(f"the folder {path} has no {', '.join(suffixes)}", remedy="give another folder")
    return found


def _images(path: str) -> Iterator[Given]:
    from edge.preprocess.encoded import MAX_BYTES

    yield Given(path, sys.stdin.buffer.read(MAX_BYTES + 1) if path == STDIN else path)


def _arrays(path: str) -> Iterator[Given]:
    if path == STDIN:
        raise InputError("raw tensors do not come from standard input", remedy="give the path of an .npz")
    yield Given(path, path)


def _texts(path: str) -> Iterator[Given]:
    if path == STDIN:
        yield from _lines(sys.stdin.buffer, path)
        return
    if Path(path).suffix.lower() not in TEXT_SUFFIXES:
        raise InputError(f"{path} is no .txt file", remedy="give a .txt with a text per line, or --text TEXT")
    try:
        with Path(path).open("rb") as file:
            yield from _lines(file, path)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})", remedy="check the path") from error


def _lines(file: BinaryIO, path: str) -> Iterator[Given]:
    """Decoded one by one, so that the lines before a bad one are run and its number is known."""
    from edge.preprocess.text import MAX_CHARACTERS

    number = 0
    while line := file.readline(MAX_CHARACTERS * BYTES_A_CHARACTER + 1):
        number += 1
        if len(line) > MAX_CHARACTERS * BYTES_A_CHARACTER:
            raise InputError(f"{path}:{number} is longer than {MAX_CHARACTERS:,} characters", remedy="split it")
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{path}:{number} is not UTF-8 text", remedy="convert it to UTF-8") from error
        yield Given(f"{path}:{number}", text.rstrip("\r\n"))
    if not number:
        raise InputError(f"{path} is empty", remedy="give a text per line")


def _page_suffixes() -> tuple[str, ...]:
    from edge.preprocess.pages import PAGE_SUFFIXES

    return PAGE_SUFFIXES


def _image_suffixes() -> tuple[str, ...]:
    from edge.preprocess.images import SUFFIXES

    return SUFFIXES


_READERS: Mapping[str, tuple[Suffixes, Reader]] = {
    "image": (_image_suffixes, _images),
    "page": (_page_suffixes, _images),
    "text": (lambda: TEXT_SUFFIXES, _texts),
    "tensors": (lambda: ARRAY_SUFFIXES, _arrays),
}
