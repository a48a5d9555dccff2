"""The model's licence: found on the model card or in a licence file, and judged before weights are fetched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from edge.manifest import Licence
from packager.errors import LicenceError
from packager.hub.licence_ids import REFERENCE, SAYS_NOTHING, is_free, to_spdx
from packager.hub.reading import read_bounded

CARD_BYTES = 16 << 20  # cards of embedding models carry megabytes of benchmark results
LICENCE_BYTES = 1 << 20

_FRONT_MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_LICENCE_KEYS = re.compile(rb"^licen[cs]e(?:_name)?[ \t]*:.*(?:\r?\n(?:[ \t]|-[ \t]).*)*", re.MULTILINE)
_YAML_BYTES = 4096

_APACHE = re.compile(r"apache license,? version 2\.0, january 2004")
_MIT = re.compile(
    r"permission is hereby granted, free of charge, to any person obtaining a copy of this software and ass"
)
_BSD = re.compile(r"redistribution and use in source and binary forms, with or without modification, are permitted")
_NARROWED = re.compile(r"commons clause|non-?commercial|research (?:use|purposes) only|only for research")


def decide(card: Path | None, texts: Sequence[Path], allowed: Sequence[str], label: str) -> Licence:
    """The licence of the model called `label`, from its card and its licence files; see `judge`."""
    found, origin = on_card(card) if card else "", "model-card"
    if not found:
        found, origin = next(filter(None, map(in_text, texts)), ""), "file"
    return judge(found, origin, allowed, label)


def judge(found: str, origin: str, allowed: Sequence[str], label: str) -> Licence:
    """The licence that was `found` (an SPDX expression, or empty), unless it needs the user's word and has it not.

    `allowed` are identifiers that the user accepts; where nothing is found, exactly one of them states the licence.
    The origin stays, or becomes `accepted` (found, and accepted by the user) or `stated`. Raises LicenceError.
    """
    accepted = {to_spdx(one).lower(): to_spdx(one) for one in allowed}
    if found and is_free(found):
        return Licence(id=found, origin=origin)
    if found.lower() in accepted:
        return Licence(id=found, origin="accepted")
    if found:
        raise LicenceError(
            f"{label} is licensed under {found}, which is not known to allow every use",
            remedy=f"read it, and pass --allow-licence {found} if it allows yours",
        )
    if len(accepted) == 1:
        return Licence(id=next(iter(accepted.values())), origin="stated")
    raise LicenceError(
        f"{label} does not say what its licence is",
        remedy="state it with one --allow-licence ID, for example --allow-licence Apache-2.0",
    )


def on_card(card: Path) -> str:
    """The SPDX expression of a model card's front matter; empty where it names none.

    Only the lines of `license` and `license_name` are given to the YAML parser: a card is a stranger's file. Several
    licences are joined with AND, because the hub does not say which part is under which.
    """
    import yaml

    matter = _FRONT_MATTER.match(read_bounded(card, CARD_BYTES))
    snippet = b"\n".join(m.group() for m in _LICENCE_KEYS.finditer(matter.group(1))) if matter else b""
    try:
        fields = yaml.safe_load(snippet.decode("utf-8")) if len(snippet) <= _YAML_BYTES else None
    except (yaml.YAMLError, ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return ""
    stated = fields.get("license")
    words = [str(one) for one in (stated if isinstance(stated, list) else [stated]) if one is not None]
    if len(words) == 1 and words[0].lower() in SAYS_NOTHING:
        name = fields.get("license_name")
        return _reference(str(name)) if words[0].lower() == "other" and name else ""
    return " AND ".join(sorted({to_spdx(word) for word in words}))


def _reference(name: str) -> str:
    """A licence that its author names himself stays a reference, even where the name is an SPDX identifier."""
    expression = to_spdx(name)
    return expression if expression.startswith(REFERENCE) else REFERENCE + re.sub(r"[^A-Za-z0-9.-]+", "-", expression)


def in_text(path: Path) -> str:
    """The SPDX identifier of a licence text that can be told by its wording; empty for any other, or an altered one."""
    text = " ".join(read_bounded(path, LICENCE_BYTES).decode("utf-8", "replace").lower().split())
    if _NARROWED.search(text):
        return ""
    if _APACHE.search(text):
        return "Apache-2.0"
    if _MIT.search(text):
        return "MIT"
    return "BSD-3-Clause" if _BSD.search(text) and "neither the name" in text else ""


def licence_bytes(licence: Licence, texts: Sequence[Path]) -> bytes:
    """What a bundle carries as LICENSE: the model's own text, or else the line that names its SPDX identifier."""
    if texts:
        return read_bounded(texts[0], LICENCE_BYTES)
    return f"SPDX-License-Identifier: {licence.id}\n".encode()
