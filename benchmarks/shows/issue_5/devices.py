"""`python -m benchmarks.shows 5 2`: int8 bundles verified on emulated Arm cores, with dot products and without.

`edge verify` compares the golden vectors with fp32's answers; what it allows is the error on this host and one step of
the quantised output.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.commands import succeed
from benchmarks.goals import Row, equal
from benchmarks.quantise.bundles import ENGINE, artifact, build_all
from benchmarks.quantise.subjects import SUBJECTS, Subject
from edge.bundle import Bundle, open_bundle
from tests.support.devices import INT8_CORES, arm64
from tests.support.wheels import ROOT, build_wheel, unpack

MODELS = ("digits", "digits-mobilenet", "minilm", "news")
"""Small enough for a core that is emulated."""
TARGET = "rpi5"


def run(folder: Path) -> Iterator[Row]:
    """Each model as it is quantised for this host, and for a Pi 5."""
    wheel = unpack(build_wheel(ROOT / "edge", folder / "wheel"), folder / "unpacked")
    place = folder / "quantise"
    (place / "models").mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        subject = SUBJECTS[name](place / "models")
        (place / name).mkdir(exist_ok=True)
        made = build_all(subject, place / name)
        yield from verified(f"{name} for this host", made["int8"], wheel)
        board = place / name / f"{TARGET}.edge"
        if not board.exists():
            quantise_for_board(made["fp32"], subject, board)
        yield from verified(f"{name} for {TARGET}", open_bundle(board), wheel)


def quantise_for_board(fp32: Bundle, subject: Subject, out: Path) -> None:
    """The int8 bundle with the arithmetic of a Pi 5."""
    budget = ("--calibration", subject.calibration, "--max-drop", f"{subject.max_drop:g}", "--engine", ENGINE)
    succeed("packager", "quantise", fp32.path, "-o", out, "--precision", "int8", "--target", TARGET, *budget)


def verified(title: str, bundle: Bundle, wheel: Path) -> Iterator[Row]:
    """`edge verify` on each core, of a bundle that has no stage in fp32."""
    precisions = sorted({artifact(stage).precision for stage in bundle.manifest.stages})
    yield Row(f"{title}: quantised", ", ".join(precisions), "fp32" not in precisions)
    with arm64(wheel, bundle.path) as root:
        for core, board in INT8_CORES:
            kernels = f"as {board.removeprefix('documented-')}" if board else "features unknown"
            done = root.edge(core, "verify", "{bundle}", board=board)
            yield equal(f"{title}: edge verify on {core}, {kernels}", done.returncode, 0)
