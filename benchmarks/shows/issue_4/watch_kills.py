"""`python -m benchmarks.shows 4 8`: kills of `edge batch --watch`, while files arrive."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.commands import BIN, CommandError
from benchmarks.goals import Row, equal
from benchmarks.ocr.bundles import ppocrv4
from benchmarks.ocr.made import mixed
from benchmarks.ocr.truth import truths
from benchmarks.shows.issue_4.killing import Command, disturb

KILLS, AT_ONCE = 50, 4
LONGEST = 4.0
"""Seconds until a kill: by then all that has arrived is read."""

PATIENCE = 300


def run(folder: Path) -> Iterator[Row]:
    """A few files are renamed into the inbox before each start; then the rest of them is read undisturbed."""
    bundle = ppocrv4(folder.parent)
    pictures = mixed(truths(), (KILLS + 1) * AT_ONCE, folder / "pictures")
    expected = _handed_over(_let(_watching(bundle, folder / "undisturbed", pictures), folder / "undisturbed", pictures))
    yield equal("results of an undisturbed run", len(expected), len(pictures))
    chance = random.Random(4)
    place, killed = folder / "killed", 0
    command = _watching(bundle, place, ())
    for start in range(0, KILLS * AT_ONCE, AT_ONCE):
        _arrive(pictures[start : start + AT_ONCE], place)
        killed += bool(disturb(command, LONGEST, chance))
    before = len(_handed_over(place))
    _arrive(pictures[KILLS * AT_ONCE :], place)
    found = _handed_over(_let(command, place, pictures))
    yield Row(f"kills >= {KILLS}", f"{killed}, after which {before} results were there", killed >= KILLS)
    yield equal("files without a result", sorted(expected.keys() - found.keys()), [])
    yield equal("results that are there twice", sorted(found.keys() - expected.keys()), [])
    yield equal("results that differ", sorted(name for name in found if found[name] != expected.get(name)), [])
    left = [path.name for path in (place / "in").rglob("*") if path.is_file() and path.parent.name != "done"]
    yield equal("files that are not in `done`", left, [])


def _watching(bundle: Path, place: Path, pictures: Sequence[Path]) -> Command:
    (place / "in").mkdir(parents=True)
    _arrive(pictures, place)
    return (BIN / "edge", "batch", bundle, "--watch", place / "in", "-o", place / "out")


def _arrive(pictures: Sequence[Path], place: Path) -> None:
    for picture in pictures:
        whole = place / picture.name
        shutil.copy(picture, whole)
        whole.rename(place / "in" / picture.name)


def _let(command: Command, place: Path, pictures: Sequence[Path]) -> Path:
    """Until as many files as there are pictures went to `done`, and then to its end; returns the place."""
    end = time.monotonic() + PATIENCE
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, text=True) as process:
        done = place / "in" / "done"
        while len(list(done.glob("*"))) < len(pictures) and process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        said = process.communicate()[1]
    if process.returncode:
        raise CommandError(f"edge batch --watch gave {process.returncode}: {said[-400:]}")
    return place


def _handed_over(place: Path) -> Mapping[str, bytes]:
    """By name, failures too: they would be in another folder."""
    out = place / "out"
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*.json")}
