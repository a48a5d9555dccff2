"""Which characters a recogniser tells apart, in the order of its classes: each kind of source says it elsewhere.

| kind | where |
|---|---|
| `paddle`, `paddle3` | `inference.yml`, `PostProcess.character_dict` |
| `onnx` | the file's metadata, `character`, one a line; or an `inference.yml` that came with it |
| `huggingface`, `folder` | `preprocessor_config.json`, `character_list`, with the blank and the space |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from edge.manifest import Dimension, TensorSpec
from edge.tasks.ocr.options import Ctc
from packager.errors import SourceError
from packager.hub.onnx_file import is_onnx, stated_characters
from packager.hub.paddle import SETTINGS
from packager.hub.reading import read_bounded, read_object
from packager.hub.source import Source

PREPROCESSOR = "preprocessor_config.json"
LARGEST = 16 << 20
MOST = 1 << 18
LONGEST = 64
SPACE = " "
REMEDY = "give a file with one character a line: --characters FILE"


def characters_file(source: Source, given: Path | None, ctc: Ctc, outputs: Sequence[TensorSpec], stage: str) -> bytes:
    """The bundle's file of characters, one a line, from `given` or else from the source.

    Raises SourceError where they are not said, or do not have the number of classes that the network has.
    """
    found = _lines(read_bounded(given, LARGEST), given.name) if given else _SAID[source.kind](source)
    classes = outputs[0].shape[-1]
    found = _without_special(found, ctc, classes)
    label = given.name if given else source.repository
    if not found or len(found) > MOST:
        raise SourceError(f"{stage}: {label} does not say which characters it tells apart", remedy=REMEDY)
    for one in found:
        if not isinstance(one, str) or not 0 < len(one) <= LONGEST or "\n" in one or "\r" in one:
            # What YAML made of it may be too large to be shown.
            shown = repr(one[:LONGEST]) if isinstance(one, str) else type(one).__name__
            raise SourceError(f"{stage}: {label} has {shown} among its characters", remedy=REMEDY)
    count = len(found) + 1 + ctc.space
    if isinstance(classes, int) and classes != count:
        raise SourceError(
            f"{stage}: the network tells {classes} classes apart, {label} gives {count} with the blank"
            f"{' and the space' if ctc.space else ''}",
            remedy=REMEDY,
        )
    return ("\n".join(found) + "\n").encode()


def _without_special(found: Sequence[Any], ctc: Ctc, classes: Dimension) -> list[Any]:
    """Some lists have an entry for every class: the blank, whatever it is called, and the space that the step adds."""
    kept = list(found)
    whole = len(kept) == classes and (not ctc.space or kept[-1] == SPACE)
    if len(kept) > ctc.blank and (whole or kept[ctc.blank] == "blank"):
        del kept[ctc.blank]
    if ctc.space and kept and kept[-1] == SPACE:
        kept.pop()
    return kept


def _lines(data: bytes, label: str) -> list[Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{label} is not UTF-8 text", remedy=REMEDY) from error
    # Not splitlines: some of the characters would end a line.
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []


def _of_paddle(source: Source) -> list[Any]:
    import yaml

    path = source.folder / SETTINGS
    if not path.is_file():
        return []
    try:
        said = yaml.safe_load(read_bounded(path, LARGEST))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SourceError(f"{path} is no YAML", remedy="download the model again") from error
    after = said.get("PostProcess") if isinstance(said, dict) else None
    return _list(after.get("character_dict") if isinstance(after, dict) else None)


def _of_onnx(source: Source) -> list[Any]:
    file = next(one.path for one in source.files if is_onnx(Path(one.path)))
    return _lines(stated_characters(source.folder / file).encode(), source.repository) or _of_paddle(source)


def _of_checkpoint(source: Source) -> list[Any]:
    path = source.folder / PREPROCESSOR
    return _list(read_object(path, LARGEST).get("character_list")) if path.is_file() else []


def _list(found: object) -> list[Any]:
    """YAML reads the characters 0 to 9 as numbers where nobody quoted them."""
    return [str(one) if type(one) is int else one for one in found] if isinstance(found, list) else []


_SAID: Mapping[str, Callable[[Source], list[Any]]] = {
    "paddle": _of_paddle,
    "paddle3": _of_paddle,
    "onnx": _of_onnx,
    "huggingface": _of_checkpoint,
    "folder": _of_checkpoint,
}
