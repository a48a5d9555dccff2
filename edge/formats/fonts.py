"""Fonts to draw text of any script with: the first that has a glyph, from those given and those of the system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from edge.errors import InputError
from edge.preprocess.pillow import pillow

FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
SUFFIXES = (".ttf", ".otf", ".ttc")
FIRST = ("dejavusans.ttf", "notosans-regular", "droidsansfallback", "notosanscjk", "wqy", "sourcehan", "noto")
"""Parts of names in the order in which fonts are tried: plain ones and those with many scripts before all others."""

NOBODY = "\U0010ffff"  # a code point that is no character: what is drawn for it is drawn for every missing one
LOOK = 16  # pixels: large enough to tell glyphs apart


class Fonts:
    """Font files, opened when a character needs them."""

    def __init__(self, given: Sequence[Path] = (), folders: Sequence[str] = FOLDERS) -> None:
        """Raises InputError for a given file that is no font."""
        self._faces = [_given(path) for path in given]
        self._others = _system_fonts(folders)
        self._chosen: dict[str, _Face | None] = {}

    def runs(self, text: str, size: int) -> list[tuple[str, Any]]:
        """Parts of a text, each with Pillow's font of that size in pixels, or None where no font has its characters."""
        parts = groupby(text, self._face)
        return [("".join(letters), face.at(size) if face else None) for face, letters in parts]

    def _face(self, letter: str) -> _Face | None:
        if letter not in self._chosen:
            self._chosen[letter] = next((face for face in self._every() if face.has(letter)), None)
        return self._chosen[letter]

    def _every(self) -> Iterator[_Face]:
        yield from self._faces
        for face in self._others:
            self._faces.append(face)
            yield face


class _Face:
    def __init__(self, path: str | None) -> None:
        """`path` is None for the one that comes with Pillow: Latin letters. Raises OSError for what is no font."""
        self._path = path
        self._sizes: dict[int, Any] = {}
        self._missing = self._look(NOBODY)

    def at(self, size: int) -> Any:
        if size not in self._sizes:
            library = pillow("ImageFont")
            made = library.truetype(self._path, size) if self._path else library.load_default(size)
            self._sizes[size] = made
        return self._sizes[size]

    def has(self, letter: str) -> bool:
        return letter.isspace() or self._look(letter) != self._missing

    def _look(self, letter: str) -> tuple[Any, bytes]:
        mask = self.at(LOOK).getmask(letter)
        return mask.size, bytes(mask)


def _given(path: Path) -> _Face:
    try:
        return _Face(str(path))
    except OSError as error:
        raise InputError(f"{path} is no font that can be read", remedy="give a .ttf, .otf or .ttc") from error


def _system_fonts(folders: Sequence[str]) -> Iterator[_Face]:
    every = [path for folder in folders for path in Path(folder).expanduser().rglob("*")]
    for path in sorted((path for path in every if path.suffix.lower() in SUFFIXES), key=_rank):
        with suppress(OSError):  # not a font after all
            yield _Face(str(path))
    yield _Face(None)


def _rank(path: Path) -> tuple[int, str]:
    name = path.name.lower()
    return next((number for number, part in enumerate(FIRST) if part in name), len(FIRST)), str(path)
