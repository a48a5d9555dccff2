"""The file of characters that a recogniser tells apart."""

from __future__ import annotations

from edge.bundle import Bundle
from edge.errors import BundleError
from edge.tasks.ocr.options import Ctc


def read_characters(bundle: Bundle, options: Ctc) -> tuple[str, ...]:
    """One entry for each class of the network, an empty one for the blank; raises BundleError for a broken file."""
    try:
        text = bundle.file(options.file).read_bytes().decode()
    except (OSError, UnicodeError) as error:
        raise BundleError(f"{options.file} cannot be read ({error})", remedy="build the bundle again") from error
    lines = text.removesuffix("\n").split("\n") + [" "] * options.space
    if "" in lines or options.blank > len(lines):
        raise BundleError(f"{options.file} has an empty line, or no place for the blank", remedy="build it again")
    return (*lines[: options.blank], "", *lines[options.blank :])
