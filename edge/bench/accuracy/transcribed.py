"""Datasets of a reader: images, and a list of the texts that they show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from edge.bench.accuracy.dataset import Example, read_text
from edge.bundle import Bundle
from edge.errors import InputError

LIST = "ground_truth.json"


def transcribed_images(path: Path, _bundle: Bundle, tags: Sequence[str]) -> list[Example]:
    """A folder with `ground_truth.json`: a list of objects with `file`, `text`, and maybe `tags` and `language`.

    Where `tags` are asked for, those that have them all; a language counts as one.
    """
    try:
        entries = json.loads(read_text(path / LIST))
        kept = [one for one in entries if set(tags) <= {*one.get("tags", ()), one.get("language")}]
        pairs = [(one["file"], one["text"]) for one in kept]
        if not all(isinstance(word, str) for pair in pairs for word in pair):
            raise TypeError("file and text are no words")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{path / LIST} is no list of objects with file and text ({error})", remedy="correct it"
        ) from error
    if tags and not pairs:
        raise InputError(f"the dataset {path} has no examples with {', '.join(tags)}", remedy="give other tags")
    return [Example(file, path / file, text) for file, text in pairs]
