"""Amounts of memory on a command line."""

from __future__ import annotations

import re

import click

UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([KMG]I?B)?", re.IGNORECASE)


def memory(text: str) -> int:
    """`600MB`, `1.5GB`, `512MiB` or plain bytes, in bytes: the type of a click option; raises BadParameter."""
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        raise click.BadParameter(f"{text!r} is no amount of memory; write 600MB or 1.5GB")
    return int(float(found[1]) * UNITS[(found[2] or "").upper()])
