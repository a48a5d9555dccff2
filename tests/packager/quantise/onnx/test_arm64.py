"""Quantised artifacts on emulated Arm cores, with dot products of bytes and without: answers are those of this host."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.engines.ort import library
from packager.quantise.feeds import Feed, write_feeds
from packager.quantise.onnx.dynamic import quantise_dynamic
from packager.quantise.onnx.half import to_half
from packager.quantise.onnx.static import quantise_static
from packager.quantise.onnx.weights import quantise_weights
from tests.support.devices import INT8_CORES, on_arm64, python_of
from tests.support.onnx_models import save
from tests.support.quantised import images, mobile_network
from tests.support.transformer import token_feeds, transformer

COMPARE = """
import sys
import numpy as np
import onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
for place in range(1, len(sys.argv), 2):
    model, vectors = sys.argv[place:place + 2]
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    golden = np.load(vectors)
    feed = {name[3:]: golden[name] for name in golden.files if name.startswith("in:")}
    found, right = session.run(None, feed)[0], golden["out"]
    off, step = float(np.abs(found - right).max()), float(right.max() - right.min()) / 255
    print(model, "is off by", off / step, "steps")
    assert off <= step, (model, off, step)
"""


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Each artifact with its golden vectors behind it: an input, and what the host's ONNX Runtime makes of it."""
    folder = tmp_path_factory.mktemp("arm64")
    images_file, tokens_file = folder / "images", folder / "tokens"
    write_feeds(images_file, images(0))
    write_feeds(tokens_file, token_feeds(0))
    mobile = save(mobile_network(0, ("relu6",), 24, spread=0.5), folder / "mobile.onnx")
    words = save(transformer(), folder / "words.onnx")
    made: list[tuple[Path, Feed]] = []
    for activations in ("u8", "s8"):
        for name, fp32, feeds in (("mobile", mobile, images_file), ("words", words, tokens_file)):
            out = folder / f"{name}.{activations}.onnx"
            quantise_static(fp32, feeds, out, activations=activations, method="min-max")
            made.append((out, images(1)[0] if name == "mobile" else token_feeds(1)[0]))
    for name, quantise in (("dynamic", quantise_dynamic), ("weights", quantise_weights), ("half", to_half)):
        quantise(words, folder / f"words.{name}.onnx")
        made.append((folder / f"words.{name}.onnx", token_feeds(1)[0]))
    return [path for one in made for path in (one[0], _golden(*one))]


def _golden(model: Path, feed: Feed) -> Path:
    session = library().InferenceSession(str(model), providers=["CPUExecutionProvider"])
    out = session.run(None, dict(feed))[0]
    vectors = model.with_suffix(".npz")
    arrays: dict[str, Any] = {"out": out, **{f"in:{name}": array for name, array in feed.items()}}
    np.savez(vectors, **arrays)
    return vectors


@pytest.mark.parametrize(("core", "board"), INT8_CORES)
def test_answers_are_those_of_this_host(core: str, board: str, artifacts: list[Path]) -> None:
    done = on_arm64(core, COMPARE, *artifacts, board=board)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_oldest_engine_gets_it_right(artifacts: list[Path]) -> None:
    command = [str(python_of("3.10")), "-I", "-B", "-c", COMPARE, *map(str, artifacts)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "off by" in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_lent_processor_decides_which_kernels_run(artifacts: list[Path]) -> None:
    """A Pi 4's core dies of a Pi 5's kernels; else the test above would prove nothing of dot products."""
    done = on_arm64("cortex-a72", COMPARE, *artifacts[:2], board="documented-pi5")
    assert done.returncode in {-signal.SIGILL, 128 + signal.SIGILL}, done.stdout + done.stderr
