"""What `edge run` does with documents: a format on standard output or in files, and pictures of what was read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import click

from edge.cli.application import plain
from edge.errors import InputError
from edge.formats import FORMATS, Format, Reading, format_named, rendered
from edge.gather import STDIN, Outcome
from edge.preprocess.pages import pages
from edge.results import Document
from edge.whole_file import check_place, whole_file

OVERLAY, TEXT = FORMATS["overlay"], FORMATS["text"]
PIPE = "standard-input"


class Documents:
    """Takes documents as they are read, and writes or prints each at once."""

    def __init__(
        self,
        form: str | None,
        output: Path | None,
        overlay: Path | None,
        *,
        fonts: Sequence[Path] = (),
        max_pixels: int | None = None,
        force: bool = False,
        alone: bool = True,
    ) -> None:
        """Check the options before anything is read; raises InputError for what does not fit.

        Without `form`, the suffix of `output` says which, else it is text. An `output` that is a folder gets a file for
        each input; `alone` says that there is one input only.
        """
        self._folder = output if output and output.is_dir() else None
        self._file = None if self._folder else output
        self._form = format_named(form) if form else _by_suffix(self._file)
        self._overlay, self._force, self._alone = overlay, force, alone
        self._fonts, self._max_pixels = tuple(fonts), max_pixels
        self._written: set[Path] = set()
        for place in (self._file, overlay):
            if place is not None:
                self._check_file(place)
        if overlay and overlay.suffix.lower() != OVERLAY.suffix:
            raise InputError(f"{overlay}: an overlay is a PNG", remedy=f"give a name that ends in {OVERLAY.suffix}")
        if output is None and (self._form.binary or (self._form.whole and not alone)):
            why = "cannot be printed" if self._form.binary else "makes a file for each input"
            raise InputError(f"the format {self._form.name} {why}", remedy="give a file or a folder with --output")

    def keep(self, one: Outcome) -> None:
        """Write the files that were asked for; raises InputError where one exists that was not to be replaced."""
        reading = self._reading(one)
        if self._overlay:
            self._fill(self._overlay, OVERLAY, reading)
        if self._file:
            self._fill(self._file, self._form, reading)
        elif self._folder:
            self._fill(self._place(self._folder, reading.name), self._form, reading)

    def show(self, one: Outcome) -> bool:
        """To standard output, unless it went to a file; of several inputs, text stands under its input's name."""
        if self._file is None and self._folder is None:
            if self._form is TEXT and not self._alone:
                click.echo(f"{plain(one.name)}:")
            click.echo(rendered(self._form, self._reading(one)), nl=False)
        return True

    def finish(self) -> None:
        """Everything was written when it came."""

    def _reading(self, one: Outcome) -> Reading:
        if not isinstance(one.value, Document):
            raise TypeError(f"{type(one.value).__name__} is no document")
        pictures = partial(pages, one.given, max_pixels=self._max_pixels)
        return Reading(PIPE if one.name == STDIN else one.name, one.value, pictures, self._fonts)

    def _place(self, folder: Path, name: str) -> Path:
        """A name of its own for each input, also for those of several folders."""
        stem, number = Path(name).name, 1
        place = folder / f"{stem}{self._form.suffix}"
        while place in self._written:
            number += 1
            place = folder / f"{stem}-{number}{self._form.suffix}"
        self._written.add(place)
        if os.path.lexists(place) and not self._force:
            raise InputError(f"{place} exists", remedy="give another folder, or --force")
        return place

    def _check_file(self, place: Path) -> None:
        check_place(place)
        if not self._alone:
            raise InputError(f"{place} is one file for several inputs", remedy="give a folder with --output")
        if os.path.lexists(place) and not self._force:
            raise InputError(f"{place} exists", remedy="give another name, or --force")

    @staticmethod
    def _fill(place: Path, form: Format, reading: Reading) -> None:
        with whole_file(place) as file:
            form.write(reading, cast("BinaryIO", file))


def _by_suffix(file: Path | None) -> Format:
    if file is None:
        return TEXT
    found = [one for one in FORMATS.values() if one.suffix == file.suffix.lower()]
    if not found:
        known = ", ".join(one.suffix for one in FORMATS.values())
        raise InputError(f"{file}: the suffix tells no format (known: {known})", remedy="give --format")
    return found[0]
