"""Stages for tests of the worker, written where a child finds them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest


def write_stage(folder: Path, monkeypatch: pytest.MonkeyPatch, body: str, *, name: str = "stage_of_a_test") -> str:
    """Write a module whose `run(request)` has this body, put its folder on the children's path, return its name."""
    folder.mkdir(exist_ok=True)
    text = f"def run(request):\n{indent(dedent(body).strip(), '    ')}\n"
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return name
