"""Copies of the fixture of format 1, whole or changed on purpose."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from edge.digests import sha256_file

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "format-1.edge"


def copy_bundle(folder: Path) -> Path:
    """A copy that may be changed."""
    return Path(shutil.copytree(FIXTURE, folder / "copy.edge"))


def change_manifest(bundle: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change `bundle.json` in place."""
    path = bundle / "bundle.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def reseal(bundle: Path) -> None:
    """Make sizes and digests right again after a file was changed."""

    def change(data: dict[str, Any]) -> None:
        for entry in data["files"]:
            entry |= {"size": (bundle / entry["path"]).stat().st_size, "sha256": sha256_file(bundle / entry["path"])}

    change_manifest(bundle, change)


def places(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where every value of a JSON document is."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


@st.composite
def changed_manifests(draw: st.DrawFn) -> bytes:
    """The fixture's `bundle.json` with one value, anywhere but at the top, replaced or removed."""
    data = json.loads((FIXTURE / "bundle.json").read_text(encoding="utf-8"))
    *path, last = draw(st.sampled_from(places(data)[1:]))
    holder = data
    for key in path:
        holder = holder[key]
    if draw(st.booleans()):
        holder[last] = draw(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just([]) | st.just({})
        )
    else:
        del holder[last]
    return json.dumps(data).encode()
